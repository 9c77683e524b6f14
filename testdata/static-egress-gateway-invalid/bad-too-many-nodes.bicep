resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  properties: {
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: ['asm-1-29'] } }
    agentPoolProfiles: [
      { name: 'out', mode: 'Gateway', count: 3, gatewayProfile: { publicIPPrefixSize: 31 } }
      { name: 'fits', mode: 'Gateway', count: 4, gatewayProfile: { publicIPPrefixSize: 30 } }
      { name: 'unknown', mode: 'Gateway', count: 40 }
      { name: 'users', mode: 'User', count: 40 }
    ]
  }
}

param nodes int
param scaled int = 20

resource apart 'Microsoft.ContainerService/managedClusters/agentPools@2025-09-01' = {
  parent: aks
  name: 'apart'
  properties: { mode: 'Gateway', count: scaled, gatewayProfile: { publicIPPrefixSize: 28 } }
}

resource by_parameter 'Microsoft.ContainerService/managedClusters/agentPools@2025-09-01' = {
  parent: aks
  name: 'param'
  properties: { mode: 'Gateway', count: nodes, gatewayProfile: { publicIPPrefixSize: 31 } }
}
