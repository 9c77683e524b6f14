param name string

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
            { enabled: true, name: name, namespace: 'x', gatewayConfigurationName: 'y' }
            { enabled: true, name: '${name}_out', namespace: 'x', gatewayConfigurationName: 'y' }
          ]
        }
      }
    }
  }
}
