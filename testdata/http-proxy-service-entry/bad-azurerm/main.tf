resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop"
  http_proxy_config {
    http_proxy  = "http://proxy.example.com:3128/"
    https_proxy = "http://proxy.example.com:3128/"
  }
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}
