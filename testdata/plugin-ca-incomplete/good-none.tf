resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  # certificate_authority needs key_vault_id
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
