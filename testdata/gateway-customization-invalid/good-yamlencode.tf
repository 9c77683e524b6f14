resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}

resource "kubernetes_manifest" "gateway" {
  manifest = {
    apiVersion = "gateway.networking.k8s.io/v1"
    kind       = "Gateway"
    metadata   = { name = "web", namespace = "shop" }
    spec = {
      gatewayClassName = "istio"
      infrastructure   = { parametersRef = { group = "", kind = "ConfigMap", name = "web" } }
      listeners        = [{ name = "http", port = 80, protocol = "HTTP" }]
    }
  }
}

resource "kubernetes_manifest" "options" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "web", namespace = "shop" }
    data       = { horizontalPodAutoscaler = yamlencode({ spec = { minReplicas = 3 } }) }
  }
}
