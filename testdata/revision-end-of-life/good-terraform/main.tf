# service_mesh_profile { revisions = ["asm-1-20"] }
/* resource "azurerm_kubernetes_cluster" "old" {
  service_mesh_profile { revisions = ["asm-1-20"] }
} */
variable "mesh" {
  description = "revisions = [\"asm-1-20\"] is the oldest one that worked"
  type = object({
    enabled   = optional(bool, true)
    revisions = optional(list(string), ["asm-1-20"])
  })
}

locals {
  revisions = var.mesh.enabled ? var.mesh.revisions : ["asm-1-20"]
  unused    = ["asm-1-20"]
  readme    = <<-EOT
    resource "azurerm_kubernetes_cluster" "shop" {
      service_mesh_profile {
        revisions = ["asm-1-20"]
      }
    }
  EOT
}

resource "azurerm_kubernetes_cluster" "expression" {
  name = "expression"
  service_mesh_profile {
    mode      = "Istio"
    revisions = local.revisions
  }
}

resource "azurerm_kubernetes_cluster" "dynamic" {
  name = "dynamic"
  dynamic "service_mesh_profile" {
    for_each = var.mesh.enabled ? ["asm-1-20"] : []
    content {
      mode      = "Istio"
      revisions = [service_mesh_profile.value, "asm-1-20"]
    }
  }
}

resource "azurerm_kubernetes_cluster" "conditional" {
  count = var.mesh.enabled ? 1 : 0
  name  = "conditional"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-20"]
  }
}

resource "azurerm_kubernetes_cluster" "upgraded_by_hand" {
  name = "upgraded-by-hand"
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-20"]
  }
  lifecycle {
    ignore_changes = [service_mesh_profile[0].revisions, default_node_pool[0].node_count]
  }
}

resource "azurerm_kubernetes_cluster" "current" {
  name = "current"
  tags = { note = "asm-1-20" }
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-29"]
  }
}

data "azurerm_kubernetes_cluster" "watched" {
  name = "asm-1-20"
}

output "revisions" {
  value = [for revision in ["asm-1-20"] : revision]
}
