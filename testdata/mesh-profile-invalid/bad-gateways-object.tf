resource "azapi_resource" "shop" {
  type = "Microsoft.ContainerService/managedClusters@2025-09-01"
  name = "shop-prod"
  body = {
    properties = {
      serviceMeshProfile = {
        mode = "Istio"
        istio = {
          revisions = ["asm-1-29"]
          components = {
            ingressGateways = {
              enabled = true
              mode    = "External"
            }
          }
        }
      }
    }
  }
}
