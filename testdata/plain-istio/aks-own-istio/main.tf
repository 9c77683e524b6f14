# AKS whose mesh is Istio's own Helm chart: service_mesh_profile is not used here on purpose.
resource "azurerm_kubernetes_cluster" "lab" {
  name                = "lab-own-istio"
  location            = "westeurope"
  resource_group_name = "lab"
  dns_prefix          = "lab"
  kubernetes_version  = "1.29"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity { type = "SystemAssigned" }
}
