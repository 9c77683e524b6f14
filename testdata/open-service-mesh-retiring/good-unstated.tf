resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  kubernetes_version = "1.33"
  # open_service_mesh_enabled = true
}
