param first string
param second string
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
            { enabled: true, name: 'out', namespace: first, gatewayConfigurationName: 'y' }
            { enabled: true, name: 'out', namespace: second, gatewayConfigurationName: 'y' }
            { enabled: true, name: name, namespace: 'x', gatewayConfigurationName: 'y' }
            { enabled: true, name: name, namespace: 'x', gatewayConfigurationName: 'y' }
          ]
        }
      }
    }
  }
}
