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
            keyVaultId: '/subscriptions/0000/resourceGroups/shop/providers/Microsoft.KeyVault/vaults/shop-kv'
            rootCertObjectName: 'root-cert'
            certObjectName: 'ca-cert'
            keyObjectName: 'ca-key'
            certChainObjectName: 'cert-chain'
          }
        }
      }
    }
  }
}
