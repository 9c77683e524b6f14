// Everything here is valid, if not pretty.
resource azurerm_kubernetes_cluster "shop" { name = "shop-prod" }
locals {
  a = { for k, v in var.m : k => [for x in v : "${x}}"]... if k != "{" }
  b = [
    # for those who count
    for i in range(3) : i
  ]
  c = "${var.a ? "}" : "${lookup(var.b, "\"]", "#{")}"} // not a comment /*"
  d = var.x == null ? "}" : <<-A
    }}} "${var.y}"
  A
  e = { (var.k) : 1, "f-${var.g}" = 2
    h = 3, }
  i = var.list.*.id[0] /* } */
  j = "%{if var.a}{%{endif}$${not} %%{this}"
}
