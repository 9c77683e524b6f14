param revision string = 'asm-1-28

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  properties: {
    kubernetesVersion '1.34'
  }
}

resource pool 'Microsoft.ContainerService/managedClusters/agentPools@2025-09-01' = {
  parent: aks
  name: 'user'
  properties: {
    mode: 'User'
  
}

output name string = aks.name
