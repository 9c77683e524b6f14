resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']

      }
    }
  }
}

resource pool 'Microsoft.ContainerService/managedClusters/agentPools@2025-09-01' = {
  parent: aks
  name: 'gw'
  properties: {
    mode: 'Gateway'
    gatewayProfile: {
      publicIPPrefixSize: 30
    }
  }
}
