resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  sku_tier     = "Standard"
  support_plan = "AKSLongTermSupport"
}
