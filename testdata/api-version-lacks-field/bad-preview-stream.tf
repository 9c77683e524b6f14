variable "redirection" {
  default = "CNIChaining"
}

resource "azapi_resource" "shop" {
  type = "Microsoft.ContainerService/managedClusters@2025-07-02-preview"
  name = "shop-prod"
  body = {
    properties = {
      serviceMeshProfile = {
        mode = "Istio"
        istio = { components = { proxyRedirectionMechanism = var.redirection } }
      }
    }
  }
}
