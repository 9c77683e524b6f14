resource "kubernetes_annotations" "external" {
  api_version = "v1"
  kind        = "Service"
  metadata {
    name      = "aks-istio-ingressgateway-external"
    namespace = "aks-istio-ingress"
  }
  annotations = {
    "service.beta.kubernetes.io/azure-load-balancer-ipv4"  = var.address
    "service.beta.kubernetes.io/azure-dns-label-name"      = "shop"
    "service.beta.kubernetes.io/azure-pip-tag"             = "a=b"
    "service.beta.kubernetes.io/azure-pip-ip-tag"          = "RoutingPreference=Internet"
  }
}

# What other objects carry is their own business.
resource "kubernetes_annotations" "namespace" {
  api_version = "v1"
  kind        = "Namespace"
  metadata {
    name = "aks-istio-ingressgateway-external"
  }
  annotations = {
    "service.beta.kubernetes.io/azure-dns-label-name" = "shop"
  }
}
