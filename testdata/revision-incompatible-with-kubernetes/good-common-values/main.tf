variable "kubernetes_version" {
  default = "1.30"
}

variable "revisions" {}

resource "azurerm_kubernetes_cluster" "shop" {
  name               = "shop"
  kubernetes_version = var.kubernetes_version
  service_mesh_profile {
    mode      = "Istio"
    revisions = var.revisions
  }
}
