@description('The mesh revision')
@allowed([
  'asm-1-26'
  'asm-1-28'
])
param revision string = 'asm-1-26'

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: resourceGroup().location
  sku: {
    name: 'Base'
    tier: 'Standard'
  }
  properties: {
    kubernetesVersion: '1.34'
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: [
          revision
        ]
      }
    }
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
      }
    ]
  }
}
