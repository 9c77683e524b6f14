// The mesh was tried and is off again; the ingress is App Routing with its own Istio, which is not the add-on.
param clusterName string = 'lab-app-routing'

resource cluster 'Microsoft.ContainerService/managedClusters@2026-03-01' = {
  name: clusterName
  location: resourceGroup().location
  identity: { type: 'SystemAssigned' }
  properties: {
    kubernetesVersion: '1.35'
    dnsPrefix: clusterName
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    serviceMeshProfile: { mode: 'Disabled' }
    ingressProfile: {
      gatewayAPI: { installation: 'Standard' }
      webAppRouting: {
        enabled: true
        gatewayAPIImplementations: { appRoutingIstio: { mode: 'Enabled' } }
      }
    }
  }
}
