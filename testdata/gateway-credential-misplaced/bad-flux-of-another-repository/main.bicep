resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    serviceMeshProfile: {
      mode: 'Istio'
      istio: { revisions: ['asm-1-29'] }
    }
  }
}

resource platform 'Microsoft.KubernetesConfiguration/fluxConfigurations@2023-05-01' = {
  name: 'platform'
  scope: aks
  properties: {
    sourceKind: 'GitRepository'
    gitRepository: {
      url: 'https://github.com/acme/platform'
      repositoryRef: { branch: 'main' }
    }
    kustomizations: {
      mesh: { path: './mesh' }
    }
  }
}
