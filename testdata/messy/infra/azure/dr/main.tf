# Disaster recovery: follows whatever is newest.
resource "azurerm_kubernetes_cluster" "dr" {
  name                = "pay-dr"
  location            = "westeurope"
  resource_group_name = "pay-dr"
  dns_prefix          = "pay-dr"
  kubernetes_version  = "1.36"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D8s_v5"
  }

  identity { type = "SystemAssigned" }

  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-31"]
  }
}
