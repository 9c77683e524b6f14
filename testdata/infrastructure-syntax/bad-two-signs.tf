resource "azurerm_kubernetes_cluster" "shop" {
  name = = "shop"
}
