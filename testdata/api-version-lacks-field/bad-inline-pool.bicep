resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    agentPoolProfiles: [
      { name: 'gw', mode: 'Gateway', gatewayProfile: { publicIPPrefixSize: 30 } }
    ]
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']

      }
    }
  }
}
