data "azurerm_kubernetes_service_versions" "current" {
  location       = "westeurope"
  version_prefix = "1.29"
}

resource "azurerm_kubernetes_cluster" "shop" {
  name               = "shop-prod"
  kubernetes_version = data.azurerm_kubernetes_service_versions.current.latest_version # 1.29
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
