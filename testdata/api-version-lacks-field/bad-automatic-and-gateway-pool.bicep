resource aks 'Microsoft.ContainerService/managedClusters@2025-05-01' = {
  name: 'shop-prod'
  sku: { name: 'Automatic', tier: 'Standard' }
  properties: {
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: ['asm-1-29'] } }
  }
}

resource pool 'Microsoft.ContainerService/managedClusters/agentPools@2025-01-01' = {
  parent: aks
  name: 'out'
  properties: {
    mode: 'Gateway'
    count: 2
    gatewayProfile: { publicIPPrefixSize: 30 }
  }
}

resource users 'Microsoft.ContainerService/managedClusters/agentPools@2023-01-01' = {
  parent: aks
  name: 'users'
  properties: { mode: 'User' }
}
