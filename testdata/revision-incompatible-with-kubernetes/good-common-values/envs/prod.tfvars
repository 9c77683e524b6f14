revisions = ["asm-1-30"]
