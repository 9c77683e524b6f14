resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}

resource "kubernetes_config_map_v1" "mesh" {
  metadata {
    name      = "istio-shared-configmap-asm-1-29"
    namespace = "aks-istio-system"
  }
  data = { mesh = yamlencode({ accessLogFile = "/dev/stdout" }) }
}

resource "kubernetes_manifest" "mesh" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "istio-shared-configmap-asm-1-29", namespace = "aks-istio-system" }
    data       = { mesh = yamlencode({ accessLogFile = "/dev/stdout" }) }
  }
}
