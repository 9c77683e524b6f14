resource "azurerm_kubernetes_cluster" "shop" {
  name        = "shop-prod"
  description = <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-shared-configmap-asm-1-29
  namespace: aks-istio-system
data:
  mesh: "acessLogFile: /dev/stdout"
YAML
}

resource "kubectl_manifest" "mesh" {
  for_each  = local.meshes
  yaml_body = <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-shared-configmap-${each.key}
  namespace: aks-istio-system
data:
  mesh: |-
    accessLogFile: /dev/stdout
%{ if each.value ~}
    acessLogFile: /dev/stdout
%{ endif ~}
YAML
}

resource "kubernetes_config_map" "mesh" {
  metadata {
    name      = "istio-shared-configmap-asm-1-29"
    namespace = "aks-istio-system"
  }
  data = { mesh = templatefile("mesh.yaml", { acessLogFile = "/dev/stdout" }) }
}
