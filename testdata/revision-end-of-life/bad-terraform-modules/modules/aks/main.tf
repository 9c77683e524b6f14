variable "name" { type = string }

variable "mesh_revisions" {
  type    = list(string)
  default = ["asm-1-20"]
}

resource "azapi_resource" "aks" {
  type = "Microsoft.ContainerService/managedClusters@2025-09-01"
  name = var.name
  body = {
    properties = {
      kubernetesVersion = "1.34"
      serviceMeshProfile = {
        mode  = "Istio"
        istio = { revisions = var.mesh_revisions }
      }
    }
  }
}
