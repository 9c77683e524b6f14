// Someone's afternoon
resource cluster 'Microsoft.ContainerService/managedClusters@2026-03-01' = {
  name: 'later'
  properties: {
    serviceMeshProfile: {
      mode: 'Istio'
      istio: { revisions: [ 'asm-1-28'
