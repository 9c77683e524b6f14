# revisions = ["asm-1-26"]   <- until May
kubernetes_version = "1.35"
revisions = [
  "asm-1-27",
  "asm-1-29",
]
