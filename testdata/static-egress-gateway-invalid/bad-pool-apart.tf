variable "size" {
  default = 32
}

resource "azapi_resource" "shop" {
  type = "Microsoft.ContainerService/managedClusters@2025-09-01"
  name = "shop-prod"
  body = {
    properties = {
      serviceMeshProfile = {
        mode = "Istio"
        istio = { revisions = ["asm-1-29"] }
      }
    }
  }
}

resource "azapi_resource" "gateways" {
  type      = "Microsoft.ContainerService/managedClusters/agentPools@2025-09-01"
  name      = "gw"
  parent_id = azapi_resource.shop.id
  body = {
    properties = {
      mode = "Gateway"
      gatewayProfile = {
        publicIPPrefixSize = var.size
      }
    }
  }
}
