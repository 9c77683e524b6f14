resource aks 'Microsoft.ContainerService/managedClusters@2027-01-01' = {
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
