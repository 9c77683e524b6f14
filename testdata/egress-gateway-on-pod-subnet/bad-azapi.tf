variable "pods" {
  default = "/subscriptions/0000/resourceGroups/shop/providers/Microsoft.Network/virtualNetworks/shop/subnets/pods"
}

resource "azapi_resource" "shop" {
  type = "Microsoft.ContainerService/managedClusters@2025-09-01"
  name = "shop-prod"
  body = {
    properties = {
      agentPoolProfiles = [{ name = "system", mode = "System", podSubnetID = var.pods }]
      serviceMeshProfile = {
        mode = "Istio"
        istio = {
          components = {
            egressGateways = [{ enabled = true, name = "out", gatewayConfigurationName = "out" }]
          }
        }
      }
    }
  }
}
