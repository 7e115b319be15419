{{- define "greenlight.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "greenlight.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "greenlight.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "greenlight.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "greenlight.selector" -}}
app.kubernetes.io/name: {{ include "greenlight.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "greenlight.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "greenlight.selector" . }}
{{- end -}}

{{- define "greenlight.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "greenlight.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "greenlight.catalog" -}}
{{- default (printf "%s-catalog" (include "greenlight.fullname" .)) .Values.catalog.existingConfigMap -}}
{{- end -}}

{{- define "greenlight.claim" -}}
{{- default (printf "%s-store" (include "greenlight.fullname" .)) .Values.store.sqlite.existingClaim -}}
{{- end -}}

{{- define "greenlight.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- /* Of both pods: what the `restricted` standard of Kubernetes asks for. */ -}}
{{- define "greenlight.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "greenlight.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- /* What cannot work is refused here, in one sentence, and not found out in the cluster. */ -}}
{{- define "greenlight.check" -}}
{{- if not .Values.existingSecret -}}
{{- fail "existingSecret is not set: name the Secret that holds SLACK_BOT_TOKEN and the other secret settings." -}}
{{- end -}}
{{- if not (or .Values.catalog.content .Values.catalog.existingConfigMap) -}}
{{- fail "The catalog is not set: pass --set-file catalog.content=promotions.yml, or name catalog.existingConfigMap." -}}
{{- end -}}
{{- if and (gt (int .Values.replicas) 1) (ne .Values.store.kind "redis") -}}
{{- fail "replicas is more than 1 and the store is SQLite, which one process owns: set store.kind to redis." -}}
{{- end -}}
{{- if and .Values.socketMode (gt (int .Values.replicas) 4) -}}
{{- fail "replicas is more than 4 in Socket Mode: each opens two of the ten sockets that Slack gives an app, and an upgrade needs room for one more. Take 4, or HTTP mode: the Secret holds SLACK_SIGNING_SECRET and no SLACK_APP_TOKEN, and socketMode is false." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) -}}
{{- fail "ingress.host is not set: name the host under which Slack and GitHub reach the bot." -}}
{{- end -}}
{{- end -}}
