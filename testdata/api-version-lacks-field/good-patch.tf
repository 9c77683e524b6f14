# The cluster's own version is older than what the patch states, which has one of its own.
resource "azapi_resource" "aks" {
  type = "Microsoft.ContainerService/managedClusters@2023-08-01"
  name = "shop-prod"
  body = {
    properties = {
      kubernetesVersion = "1.34"
    }
  }
}

resource "azapi_update_resource" "mesh" {
  type        = "Microsoft.ContainerService/managedClusters@2026-01-01"
  resource_id = azapi_resource.aks.id
  body = {
    properties = {
      serviceMeshProfile = {
        mode  = "Istio"
        istio = {
          revisions  = ["asm-1-29"]
          components = { proxyRedirectionMechanism = "CNIChaining" }
        }
      }
    }
  }
}

resource "azapi_resource" "pool" {
  type      = "Microsoft.ContainerService/managedClusters/agentPools@${var.api_version}"
  parent_id = azapi_resource.aks.id
  name      = "out"
  body = {
    properties = {
      mode = "Gateway"
      gatewayProfile = { publicIPPrefixSize = 31 }
    }
  }
}
