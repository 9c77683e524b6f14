resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop-prod"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}

resource "kubernetes_namespace" "shop" {
  metadata {
    name   = "shop"
    labels = { istio-injection = "enabled" }
  }
}

resource "kubernetes_manifest" "cart" {
  manifest = {
    "apiVersion" = "v1"
    "kind"       = "Namespace"
    "metadata" = {
      "name"   = "cart"
      "labels" = { "istio-injection" = "enabled" }
    }
  }
}

resource "kubectl_manifest" "pay" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: Namespace
    metadata:
      name: pay
      labels: { istio-injection: enabled, team: "${var.team}" }
  EOT
}
