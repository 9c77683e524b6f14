resource aks 'Microsoft.ContainerService/managedClusters@2024-10-02-preview' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']
        components: {
          egressGateways: [
            { enabled: true, name: 'out', namespace: 'shop', gatewayConfigurationName: 'shop-out' }
          ]
        }
      }
    }
  }
}
