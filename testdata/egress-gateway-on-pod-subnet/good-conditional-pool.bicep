resource podSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' existing = { name: 'v/pods' }
param more bool

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
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

resource pool 'Microsoft.ContainerService/managedClusters/agentPools@2025-09-01' = if (more) {
  parent: aks
  name: 'more'
  properties: {
    mode: 'User'
    podSubnetID: podSubnet.id
  }
}
