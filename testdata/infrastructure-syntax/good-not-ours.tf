resource "google_container_cluster" "shop" {
  this file is broken, but it defines nothing that meshlint reads
}
