locals {
  name = "pay-prod"
  tags = { note = "upgrade asm-1-25 to asm-1-27", mesh = "istio-injection=enabled" }
}

resource "azurerm_kubernetes_cluster" "this" {
  name                = local.name
  location            = "northeurope"
  resource_group_name = "pay-prod"
  dns_prefix          = local.name
  kubernetes_version  = var.kubernetes_version
  sku_tier            = "Standard"
  tags                = local.tags

  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D8s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity { type = "SystemAssigned" }

  service_mesh_profile {
    mode                             = "Istio"
    revisions                        = var.revisions
    external_ingress_gateway_enabled = true
    internal_ingress_gateway_enabled = false
    # certificate_authority { key_vault_id = "..." }
  }
}
