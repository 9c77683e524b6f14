kubernetes_version = "1.34"
