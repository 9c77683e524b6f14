resource "helm_release" "ingress" {
  name  = "edge"
  chart = "https://istio-release.storage.googleapis.com/charts/samples/gateway-1.28.0.tgz"
}
