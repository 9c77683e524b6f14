variable "revisions" {
  type    = list(string)
  default = ["asm-1-27"]
}

resource "azurerm_kubernetes_cluster" "shop" {
  name               = "shop-prod"
  kubernetes_version = "1.34"
  service_mesh_profile {
    mode      = "Istio"
    revisions = var.revisions
  }
}
