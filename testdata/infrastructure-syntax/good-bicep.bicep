#disable-next-line no-hardcoded-location
param location string = 'westeurope'
param names string[] = []

resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-${uniqueString('a', '{', '''it's''')}'
  location: location
  tags: {
    'a-b': '''
{ not closed
'''
    ...(empty(names)
      ? {}
      : { names: join(names, ',') })
  }
}
output id string = aks.id
