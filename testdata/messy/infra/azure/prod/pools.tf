resource "azurerm_kubernetes_cluster_node_pool" "apps" {
  for_each              = toset(["a", "b"])
  name                  = "apps${each.key}"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.this.id
  vm_size               = "Standard_D16s_v5"
  vnet_subnet_id        = azurerm_subnet.nodes.id
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = "pay-prod"
  virtual_network_name = "pay-prod"
  address_prefixes     = ["10.8.0.0/20"]
}
