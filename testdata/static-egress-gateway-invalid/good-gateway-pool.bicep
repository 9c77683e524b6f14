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
      { name: 'win', osType: 'Windows', enableAutoScaling: true }
      { name: 'gw', mode: 'Gateway', osType: 'Linux', enableAutoScaling: false, gatewayProfile: { publicIPPrefixSize: 28 } }
      { name: 'gw2', mode: 'gateway', gatewayProfile: { publicIPPrefixSize: 31 } }
    ]
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']

      }
    }
  }
}
