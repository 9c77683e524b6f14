using './main.bicep'

// param kubernetesVersion = '1.33'
param clusterName = 'pay-stage'
param kubernetesVersion = '1.36'
param podSubnetId = readEnvironmentVariable('POD_SUBNET_ID')
