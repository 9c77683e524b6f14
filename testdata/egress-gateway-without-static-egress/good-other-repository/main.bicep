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
            { enabled: true, name: 'out', namespace: 'shop', gatewayConfigurationName: 'shop-out' }
          ]
        }
      }
    }
  }
}

resource platform 'Microsoft.KubernetesConfiguration/fluxConfigurations@2023-05-01' = {
  name: 'platform'
  scope: aks
  properties: {
    gitRepository: { url: 'https://github.com/acme/platform' }
    kustomizations: { egress: { path: './egress' } }
  }
}
