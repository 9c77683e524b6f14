resource "kubectl_manifest" "shop" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        istio-injection: enabled
        ${indent(8, local.labels)}
    ---
    apiVersion: v1
    kind: Namespace
    metadata:
      name: cart
  EOT
}
