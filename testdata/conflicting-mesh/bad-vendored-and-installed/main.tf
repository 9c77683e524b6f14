resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}

resource "helm_release" "platform" {
  name  = "platform"
  chart = "./vendor/platform"
}
