resource "helm_release" "edge" {
  for_each = var.releases
  name     = each.key
  chart    = each.value.chart
}
