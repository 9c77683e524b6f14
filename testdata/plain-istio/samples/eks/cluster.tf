module "eks" {
  source             = "terraform-aws-modules/eks/aws"
  version            = "~> 21.0"
  name               = "mesh-lab"
  kubernetes_version = "1.33"
}

resource "helm_release" "istiod" {
  name       = "istiod"
  repository = "https://istio-release.storage.googleapis.com/charts"
  chart      = "istiod"
  namespace  = "istio-system"
  version    = "1.24.2"
  values     = [file("${path.module}/istiod-values.yaml")]
}

resource "kubernetes_namespace_v1" "web" {
  metadata {
    name   = "web"
    labels = { istio-injection = "enabled" }
  }
}

resource "kubectl_manifest" "gateway" {
  yaml_body = <<-YAML
    apiVersion: networking.istio.io/v1beta1
    kind: Gateway
    metadata:
      name: web
      namespace: web
    spec:
      selector:
        istio: ingressgateway
      servers:
        - port: {number: 80, name: http, protocol: HTTP}
          hosts: ["web.example.org"]
  YAML
}
