resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']
        components: {
          egressGateways: [
            { enabled: true, name: 'a', namespace: 'x', gatewayConfigurationName: 'y' }
            { enabled: true, name: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', namespace: 'x', gatewayConfigurationName: 'y' }
            { enabled: true, name: 'shop.out-1', namespace: 'x', gatewayConfigurationName: 'y' }
          ]
        }
      }
    }
  }
}
