resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name   = "shop"
    labels = { "istio.io/rev" = "asm-1-29" }
  }
}

resource "kubernetes_horizontal_pod_autoscaler_v2" "ingress" {
  metadata {
    name      = "aks-istio-ingressgateway-external-asm-1-29"
    namespace = "aks-istio-ingress"
  }
  spec {
    min_replicas = 1
    max_replicas = 3
    scale_target_ref {
      api_version = "apps/v1"
      kind        = "Deployment"
      name        = "aks-istio-ingressgateway-external-asm-1-29"
    }
  }
}

resource "kubernetes_horizontal_pod_autoscaler" "istiod" {
  metadata {
    name      = "mesh"
    namespace = "aks-istio-system"
  }
  spec {
    min_replicas = 1
    max_replicas = 3
    scale_target_ref {
      kind = "Deployment"
      name = "istiod-asm-1-29"
    }
  }
}

resource "kubernetes_horizontal_pod_autoscaler_v2" "enough" {
  metadata {
    name      = "istiod-asm-1-29"
    namespace = "aks-istio-system"
  }
  spec {
    min_replicas = var.replicas
    max_replicas = 3
  }
}
