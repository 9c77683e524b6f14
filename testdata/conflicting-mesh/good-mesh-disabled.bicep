resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    addonProfiles: {
      openServiceMesh: {
        enabled: true
      }
    }
    serviceMeshProfile: {
      mode: 'Disabled'
    }
  }
}
