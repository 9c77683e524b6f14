param podSubnetId string = ''

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    agentPoolProfiles: [
      {
        name: 'sys'
        mode: 'System'
        podSubnetID: podSubnetId
      }
    ]
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']
        components: {
          egressGateways: [
            { enabled: true, name: 'out', namespace: 'shop', gatewayConfigurationName: 'out' }
          ]
        }
      }
    }
  }
}
