resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}

resource "helm_release" "istiod" {
  provider = helm.edge
  name     = "istiod"
  chart    = "istiod"
}

resource "helm_release" "maybe" {
  count = var.self_managed ? 1 : 0
  name  = "istiod"
  chart = "istiod"
}
