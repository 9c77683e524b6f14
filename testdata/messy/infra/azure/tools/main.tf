# The tools cluster runs an Istio of its own (see gitops/clusters/pay-tools). No add-on here, do not label with asm-1-29.
resource "azurerm_kubernetes_cluster" "tools" {
  name                      = "pay-tools"
  location                  = "northeurope"
  resource_group_name       = "pay-tools"
  dns_prefix                = "pay-tools"
  kubernetes_version        = "1.34"
  open_service_mesh_enabled = true

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity { type = "SystemAssigned" }

  # service_mesh_profile {
  #   mode      = "Istio"
  #   revisions = ["asm-1-25"]
  # }
}
