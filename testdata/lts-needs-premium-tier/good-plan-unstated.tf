resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  sku_tier = "Standard"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
