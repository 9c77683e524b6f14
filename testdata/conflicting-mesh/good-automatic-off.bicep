resource aks 'Microsoft.ContainerService/managedClusters@2026-02-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  sku: { name: 'Automatic', tier: 'Standard' }
  properties: {
    kubernetesVersion: '1.36'
    ingressProfile: {
      webAppRouting: {
        enabled: true
        gatewayAPIImplementations: {
          appRoutingIstio: {
            mode: 'Disabled'
          }
        }
      }
    }
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']

      }
    }
  }
}
