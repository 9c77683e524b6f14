param mode string

resource cluster 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    serviceMeshProfile: { mode: mode }
  }
}
