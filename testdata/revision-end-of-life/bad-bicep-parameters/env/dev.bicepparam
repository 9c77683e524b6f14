using '../main.bicep'

param name = 'shop-dev'
