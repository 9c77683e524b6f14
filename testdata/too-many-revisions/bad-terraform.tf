resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-27", "asm-1-28", "asm-1-29", "asm-1-30"]
  }
}
