resource "azurerm_kubernetes_cluster" "shop" {
  kubernetes_version = 1.30
}
