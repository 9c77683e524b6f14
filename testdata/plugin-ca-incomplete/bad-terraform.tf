resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
    certificate_authority {
      key_vault_id          = azurerm_key_vault.shop.id
      root_cert_object_name = "root-cert"
      cert_object_name      = "ca-cert"
      key_object_name       = "ca-key"
    }
  }
}
