module "aks" {
  source         = "../../modules/aks"
  name           = "shop-prod"
  mesh_revisions = ["asm-1-27"]
}
