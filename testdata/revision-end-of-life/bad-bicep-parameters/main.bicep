param name string
param revision string = 'asm-1-28'

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: name
  properties: {
    kubernetesVersion: '1.34'
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: [revision] } }
  }
}
