resource "azurerm_kubernetes_cluster" "shop" {
  kubernetes_version = var.kubernetes_version
}
