@description('Minor version, moved by hand.')
param kubernetesVersion string = '1.30'

resource billing 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'billing'
  location: 'westeurope'
  sku: { name: 'Base', tier: 'Premium' }
  properties: {
    kubernetesVersion: kubernetesVersion
    supportPlan: 'AKSLongTermSupport'
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: [
          'asm-1-27'
        ]
      }
    }
  }
}
