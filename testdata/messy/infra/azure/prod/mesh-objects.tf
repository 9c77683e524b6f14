# Until Flux takes over
resource "kubectl_manifest" "reports_namespace" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: Namespace
    metadata:
      name: reports
      labels:
        istio-injection: enabled
  YAML
}

resource "kubectl_manifest" "templated_namespace" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: Namespace
    metadata:
      name: ${var.team}
      labels:
        istio.io/rev: ${var.revisions[0]}
  YAML
}

variable "team" { type = string }

resource "helm_release" "kiali" {
  name  = "kiali"
  chart = "kiali-operator"
  set {
    name  = "cr.spec.istio_namespace"
    value = "istio-system"
  }
}
