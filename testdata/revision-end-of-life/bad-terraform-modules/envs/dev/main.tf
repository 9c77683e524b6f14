module "aks" {
  source         = "../../modules/aks"
  name           = "shop-dev"
  mesh_revisions = ["asm-1-29"]
}
