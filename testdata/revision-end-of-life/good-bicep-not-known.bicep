// serviceMeshProfile: { mode: 'Istio', istio: { revisions: ['asm-1-20'] } }
metadata description = 'Creates a cluster with istio asm-1-20 on Kubernetes 1.27'

@description('''
resource old 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  properties: { serviceMeshProfile: { mode: 'Istio', istio: { revisions: ['asm-1-20'] } } }
}
''')
param revision string
param environments object = {
  dev: 'asm-1-20'
}
/* resource commented 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  properties: { serviceMeshProfile: { mode: 'Istio', istio: { revisions: ['asm-1-20'] } } }
} */

resource unresolved 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  properties: {
    kubernetesVersion: '1.34'
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: [
          revision
          environments[env]
          useOld ? 'asm-1-20' : 'asm-1-28'
        ]
      }
    }
  }
}

resource conditional 'Microsoft.ContainerService/managedClusters@2025-09-01' = if (deployOld) {
  name: 'shop-old'
  properties: {
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: ['asm-1-20'] } }
  }
}

resource many 'Microsoft.ContainerService/managedClusters@2025-09-01' = [for revision in ['asm-1-20']: {
  name: 'shop-${revision}'
  properties: {
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: [revision] } }
  }
}]

resource existing 'Microsoft.ContainerService/managedClusters@2025-09-01' existing = {
  name: 'asm-1-20'
}

output revision string = 'asm-1-20'
