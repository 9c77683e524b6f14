variable "revisions" {
  type    = list(string)
  default = []
}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = var.revisions
  }
  lifecycle {
    ignore_changes = [service_mesh_profile[0].revisions]
  }
}
