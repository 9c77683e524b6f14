variable "egress" {
  default = "out"
}

resource "azapi_resource" "shop" {
  type = "Microsoft.ContainerService/managedClusters@2025-09-01"
  name = "shop-prod"
  body = {
    properties = {
      serviceMeshProfile = {
        mode = "Istio"
        istio = {
          components = {
            egressGateways = [
              { enabled = true, name = "out", namespace = "shop", gatewayConfigurationName = "first" },
              { enabled = true, name = var.egress, namespace = "shop", gatewayConfigurationName = "second" },
            ]
          }
        }
      }
    }
  }
}
