resource aks 'Microsoft.ContainerService/managedClusters@2022-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    networkProfile: {
      networkPluginMode: 'overlay'
    }
  }
}
