resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  kubernetes_version = "1.33"
  service_mesh_profile {
    mode      = "Istio"
    revisions = []
  }
}
