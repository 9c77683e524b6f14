resource aks 'Microsoft.ContainerService/managedClusters@2026-02-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    networkProfile: {
      staticEgressGatewayProfile: {
        enabled: true
      }
    }
    ingressProfile: {
      gatewayAPI: {
        installation: 'Standard'
      }
    }
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']
        components: {
          egressGateways: [
            { enabled: true, name: 'out', namespace: 'shop', gatewayConfigurationName: 'shop-out' }
          ]
        }
      }
    }
  }
}
