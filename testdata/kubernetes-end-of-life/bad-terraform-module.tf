module "aks" {
  source  = "Azure/avm-res-containerservice-managedcluster/azurerm"
  version = "0.4.2"

  name               = "shop-prod"
  kubernetes_version = "1.29"
  service_mesh_profile = {
    mode  = "Istio"
    istio = { revisions = ["asm-1-29"] }
  }
}
