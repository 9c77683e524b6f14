resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
