resource "azurerm_kubernetes_cluster" "shop" {
  kubernetes_version = "1.34"
  sku_tier           = "Free"
  kubernetes_version = "1.33"
}
