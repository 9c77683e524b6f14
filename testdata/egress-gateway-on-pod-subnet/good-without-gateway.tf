resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  default_node_pool {
    name          = "system"
    pod_subnet_id = azurerm_subnet.pods.id
  }
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
