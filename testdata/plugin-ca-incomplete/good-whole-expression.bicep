param certificates object

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']
        certificateAuthority: {
          plugin: union({ keyVaultId: 'x' }, certificates)
        }
      }
    }
  }
}
