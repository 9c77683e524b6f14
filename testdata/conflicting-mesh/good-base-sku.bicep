resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  sku: { name: 'Base', tier: 'Standard' }
  properties: {
    kubernetesVersion: '1.36'
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']

      }
    }
  }
}
