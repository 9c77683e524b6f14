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
            { enabled: true, name: 'out_a', namespace: 'x', gatewayConfigurationName: 'y' }
            { enabled: true, name: 'Out-b', namespace: 'x', gatewayConfigurationName: 'y' }
            { enabled: true, name: 'out-c-', namespace: 'x', gatewayConfigurationName: 'y' }
            { enabled: false, name: 'out..d', namespace: 'x', gatewayConfigurationName: 'y' }
          ]
        }
      }
    }
  }
}
