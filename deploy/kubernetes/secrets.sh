#!/bin/sh
# secrets.sh FOLDER NAMESPACE: the secrets that the deployments mount, each with what its service needs and nothing
# else, from the files that `python -m deploy.image.material FOLDER` made. May be repeated. KUBECTL names the client.
set -eu
folder=${1:?usage: secrets.sh FOLDER NAMESPACE} namespace=${2:?usage: secrets.sh FOLDER NAMESPACE}
secret() {
    name=$1 && shift
    for file in "$@"; do set -- "$@" "--from-file=$file=$folder/$file" && shift; done
    ${KUBECTL:-kubectl} -n "$namespace" create secret generic "$name" "$@" --dry-run=client -o yaml |
        ${KUBECTL:-kubectl} apply --server-side --force-conflicts -f -
}
owners='' backup='' retention=''
for service in enterprise personnel projects assessment review; do
    secret "kaohe-$service" ca trusted signatories master_key person_key s3_access s3_secret mail_password \
        "${service}_dsn" "${service}_keys_dsn" "${service}_kafka" "${service}_records_key"
    owners="$owners ${service}_dsn ${service}_owner_dsn"
    retention="$retention ${service}_retention_dsn"
    backup="$backup ${service}_keys_dsn ${service}_kafka ${service}_records_key"
done
secret kaohe-portal ca trusted portal_dsn portal_kafka session_key
# shellcheck disable=SC2086
secret kaohe-owners $owners portal_dsn portal_owner_dsn
# shellcheck disable=SC2086
secret kaohe-backup $owners $backup ca trusted signatories master_key person_key s3_access s3_secret keys_owner_dsn portal_owner_dsn
# shellcheck disable=SC2086
secret kaohe-retention $retention
