resource podSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' existing = { name: 'v/pods' }

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    agentPoolProfiles: [
      {
        name: 'sys'
        mode: 'System'
        podSubnetID: podSubnet.id
      }
    ]
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']
        components: {
          egressGateways: [
            { enabled: false, name: 'out', namespace: 'shop', gatewayConfigurationName: 'out' }
          ]
        }
      }
    }
  }
}
