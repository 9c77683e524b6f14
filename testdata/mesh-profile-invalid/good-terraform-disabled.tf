resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  dynamic "service_mesh_profile" {
    for_each = var.mesh ? [1] : []
    content {
      mode      = "Istio"
      revisions = []
    }
  }
}
