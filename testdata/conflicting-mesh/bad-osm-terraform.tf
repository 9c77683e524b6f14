resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  open_service_mesh_enabled = true
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
