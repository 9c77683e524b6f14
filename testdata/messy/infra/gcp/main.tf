resource "google_container_cluster" "fraud" {
  name     = "fraud-models"
  location = "europe-west1"
}

resource "kubernetes_namespace" "scoring" {
  metadata {
    name   = "scoring"
    labels = { "istio.io/rev" = "asm-managed-rapid" }
  }
}
