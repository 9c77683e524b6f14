resource "azapi_resource" "aks" {
  type = "Microsoft.ContainerService/managedClusters@2024-05-01"
  name = "shop-prod"
  body = {
    properties = {
      kubernetesVersion  = "1.34"
      ingressProfile     = { gatewayAPI = { installation = "Standard" } }
      serviceMeshProfile = { mode = "Istio", istio = { revisions = ["asm-1-29"] } }
    }
  }
}
