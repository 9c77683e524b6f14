resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  open_service_mesh_enabled = true
}
