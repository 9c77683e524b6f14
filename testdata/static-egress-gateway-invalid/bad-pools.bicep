resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    networkProfile: {
      staticEgressGatewayProfile: {
        enabled: true
      }
    }
    agentPoolProfiles: [
      { name: 'win', mode: 'Gateway', osType: 'Windows' }
      { name: 'auto', mode: 'Gateway', enableAutoScaling: true, minCount: 1, maxCount: 3 }
      { name: 'wide', mode: 'Gateway', gatewayProfile: { publicIPPrefixSize: 24 } }
    ]
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']

      }
    }
  }
}
