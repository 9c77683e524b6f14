variable "kubernetes_version" {
  type        = string
  description = "Was 1.28 with asm-1-20 for far too long; istio-injection=enabled does nothing on this cluster"
}

variable "revisions" {
  type    = list(string)
  default = ["asm-1-24"]
}
