resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  sku_tier     = "standard"
  support_plan = "AKSLongTermSupport"
}
