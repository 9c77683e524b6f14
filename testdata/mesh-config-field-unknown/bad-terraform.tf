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
  data = {
    mesh = <<-YAML
      acessLogFile: ${var.access_log}
      enableTracing: true
    YAML
  }
}

resource "kubectl_manifest" "mesh" {
  yaml_body = <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-shared-configmap-asm-1-28
  namespace: aks-istio-system
data:
  mesh: |-
    acessLogFile: /dev/stdout
    accessLogEncoding: ${upper("json")}
YAML
}

resource "kubernetes_manifest" "mesh" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata = {
      name      = "istio-shared-configmap-asm-1-27"
      namespace = "aks-istio-system"
    }
    data = {
      mesh = yamlencode({ accessLogFile = "/dev/stdout" })
    }
  }
}
