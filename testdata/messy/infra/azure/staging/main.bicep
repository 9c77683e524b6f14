targetScope = 'resourceGroup'

@description('Set istio-injection on nothing; asm-1-26 is gone since April')
param clusterName string
param location string = resourceGroup().location
param kubernetesVersion string = '1.34'
param podSubnetId string

module aks 'modules/aks.bicep' = {
  name: 'aks'
  params: {
    name: clusterName
    location: location
    kubernetesVersion: kubernetesVersion
    podSubnetId: podSubnetId
  }
}
