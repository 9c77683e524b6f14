param families array
param os string
param scale bool
param size int
param mode string

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    networkProfile: {
      ipFamilies: families
    }
    agentPoolProfiles: [
      { name: 'gw', mode: 'Gateway', osType: os, enableAutoScaling: scale, gatewayProfile: { publicIPPrefixSize: size } }
      { name: 'x', mode: mode, osType: 'Windows' }
    ]
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']

      }
    }
  }
}
