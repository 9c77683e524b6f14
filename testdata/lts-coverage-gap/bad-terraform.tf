variable "kubernetes_version" {
  default = "1.31"
}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  kubernetes_version = var.kubernetes_version
  support_plan       = "AKSLongTermSupport"
  sku_tier           = "Premium"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
