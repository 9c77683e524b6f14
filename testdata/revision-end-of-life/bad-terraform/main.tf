resource "azurerm_resource_group" "shop" {
  name     = "rg-shop-${var.environment}"
  location = "westeurope"
}

resource "azurerm_kubernetes_cluster" "shop" {
  name                = local.name
  location            = azurerm_resource_group.shop.location
  resource_group_name = azurerm_resource_group.shop.name
  dns_prefix          = "shop"
  kubernetes_version  = "1.34"
  sku_tier            = "Standard"

  default_node_pool {
    name       = "system"
    vm_size    = "Standard_D4s_v5"
    node_count = 3
  }

  identity { type = "SystemAssigned" }

  service_mesh_profile {
    mode      = "Istio"
    revisions = [var.mesh_revision] # one at a time
  }
}
