resource "azurerm_kubernetes_cluster" "east" {
  name = var.east
  service_mesh_profile {
    mode                             = "Istio"
    revisions                        = ["asm-1-29"]
    internal_ingress_gateway_enabled = true
  }
}

resource "azurerm_kubernetes_cluster" "west" {
  name = var.west
  service_mesh_profile {
    mode                             = "Istio"
    revisions                        = ["asm-1-29"]
    internal_ingress_gateway_enabled = true
  }
}
