resource "helm_release" "edge" {
  name  = "edge"
  chart = "${path.module}/../vendor/terraform"
}
