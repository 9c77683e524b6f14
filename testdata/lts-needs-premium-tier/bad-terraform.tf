variable "tier" {
  type    = string
  default = "Free"
}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  kubernetes_version = "1.31"
  sku_tier           = var.tier
  support_plan       = "AKSLongTermSupport"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
