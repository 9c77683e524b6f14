resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: 'shop' }

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  location: 'westeurope'
  properties: {
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-29']
        certificateAuthority: {
          plugin: {
            keyVaultId: vault.id
            rootCertObjectName: 'root-cert'
            certObjectName: 'ca-cert'
          }
        }
      }
    }
  }
}
