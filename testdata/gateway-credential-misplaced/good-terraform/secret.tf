resource "kubernetes_secret" "shop" {
  metadata {
    name      = "shop-tls"
    namespace = "aks-istio-ingress"
  }
  type = "kubernetes.io/tls"
}
