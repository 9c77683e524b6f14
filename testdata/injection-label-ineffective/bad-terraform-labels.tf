resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name   = "shop"
    labels = { "istio.io/rev" = "asm-1-29" }
  }
}

resource "kubernetes_labels" "pay" {
  api_version = "v1"
  kind        = "Namespace"
  metadata {
    name = "pay"
  }
  labels = {
    "istio-injection" = "enabled"
  }
}

resource "kubernetes_labels" "node" {
  api_version = "v1"
  kind        = "Node"
  metadata {
    name = "node-1"
  }
  labels = {
    "istio-injection" = "enabled"
  }
}

resource "kubernetes_labels" "by_variable" {
  api_version = "v1"
  kind        = "Namespace"
  metadata {
    name = var.namespace
  }
  labels = var.labels
}
