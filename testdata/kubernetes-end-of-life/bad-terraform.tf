locals {
  cluster = {
    name    = "shop-prod"
    version = "1.29"
  }
}

resource "azurerm_kubernetes_cluster" "shop" {
  name               = local.cluster.name
  kubernetes_version = local.cluster["version"]
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
