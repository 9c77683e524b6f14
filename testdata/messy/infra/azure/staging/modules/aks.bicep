param name string
param location string
param kubernetesVersion string
param podSubnetId string

/* Old pair, kept for the rollback:
   revisions: ['asm-1-27']
*/
resource aks 'Microsoft.ContainerService/managedClusters@2026-03-01' = {
  name: name
  location: location
  identity: { type: 'SystemAssigned' }
  sku: { name: 'Base', tier: 'Standard' }
  properties: {
    kubernetesVersion: kubernetesVersion
    dnsPrefix: name
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 2
        vmSize: 'Standard_D4s_v5'
        podSubnetID: podSubnetId
      }
    ]
    networkProfile: {
      networkPlugin: 'azure'
      staticEgressGatewayProfile: { enabled: false }
    }
    ingressProfile: { gatewayAPI: { installation: 'Standard' } }
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: [
          'asm-1-28'
        ]
        components: {
          ingressGateways: [
            { enabled: true, mode: 'External' }
            { enabled: true, mode: 'Internal' }
          ]
          egressGateways: [
            {
              enabled: true
              name: 'Out_To_Banks'
              namespace: 'aks-istio-egress'
              gatewayConfigurationName: 'banks'
            }
          ]
        }
      }
    }
  }
}
