param revision string = 'asm-1-28'
param version string

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  properties: {
    kubernetesVersion: version
    serviceMeshProfile: {
      mode: 'Istio'
      istio: { revisions: [revision] }
    }
  }
}
