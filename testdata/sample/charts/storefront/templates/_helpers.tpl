{{- define "storefront.labels" -}}
app.kubernetes.io/name: storefront
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}
