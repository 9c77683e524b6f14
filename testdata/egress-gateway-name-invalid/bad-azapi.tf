variable "egress" {
  default = "-out"
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
            egressGateways = [{ enabled = true, name = var.egress, gatewayConfigurationName = "out" }]
          }
        }
      }
    }
  }
}
