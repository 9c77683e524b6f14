resource "azurerm_kubernetes_cluster" "shop" {
  kubernetes_version = coalesce(var.version, ["1.34")
}
