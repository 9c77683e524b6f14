resource "google_container_cluster" "mesh" {
  name               = "mesh-lab"
  location           = "europe-west4"
  min_master_version = "1.31"
}

resource "google_gke_hub_feature" "mesh" {
  name     = "servicemesh"
  location = "global"
}
