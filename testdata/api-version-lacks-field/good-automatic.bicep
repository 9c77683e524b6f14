resource aks 'Microsoft.ContainerService/managedClusters@2025-07-01' = {
  name: 'shop-prod'
  sku: { name: 'Automatic', tier: 'Standard' }
  properties: {
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: ['asm-1-29'] } }
    agentPoolProfiles: [{ name: 'out', mode: 'Gateway' }]
  }
}

resource base 'Microsoft.ContainerService/managedClusters@2024-02-01' = {
  name: 'shop-base'
  sku: { name: 'Base', tier: 'Standard' }
  properties: {
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: ['asm-1-29'] } }
    agentPoolProfiles: [{ name: 'sys', mode: 'System' }]
  }
}
