locals { name = "shop-prod" }

variable "environment" { type = string }

variable "mesh_revision" {
  type        = string
  description = "Upgrade by hand: asm-1-24 -> asm-1-25"
  default     = "asm-1-29"

  validation {
    condition     = can(regex("^asm-[0-9]+-[0-9]+$", var.mesh_revision))
    error_message = "A revision looks like asm-1-23."
  }
}
