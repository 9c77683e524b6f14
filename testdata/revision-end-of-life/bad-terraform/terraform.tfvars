environment   = "prod"
mesh_revision = "asm-1-27"
