resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
    dynamic "certificate_authority" {
      for_each = var.authority
      content {
        key_vault_id = certificate_authority.value.vault
      }
    }
  }
}
