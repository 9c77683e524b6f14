using '../main.bicep'

param name = 'shop-prod'
param revision = 'asm-1-26'
