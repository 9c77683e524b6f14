targetScope = 'subscription'

module aks './modules/aks.bicep' = {
  name: 'aks'
  scope: resourceGroup('shop')
  params: {
    version: '1.34'
    revision: 'asm-1-26'
  }
}
