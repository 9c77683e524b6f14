resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    kubernetesVersion: '1.33'
  }
}

resource member 'Microsoft.AppLink/appLinks/appLinkMembers@2025-08-01-preview' = {
  name: 'network/shop'
  location: 'westeurope'
  properties: {
    clusterType: 'AKS'
    metadata: {
      resourceId: aks.id
    }
  }
}
