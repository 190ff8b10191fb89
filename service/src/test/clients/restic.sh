#!/bin/bash
# restic in a bucket with object lock: backs up, loses the repository to somebody who has the keys, gets it back and restores it.
set -euo pipefail

s3() { aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
api() { s3 s3api "$@" --output text; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AWS_CONFIG_FILE=$work/config AWS_DEFAULT_REGION=us-east-1 AWS_MAX_ATTEMPTS=1 AWS_PAGER=
printf '[default]\ns3 =\n  addressing_style = path\n' >"$AWS_CONFIG_FILE"
export RESTIC_REPOSITORY=s3:$AWS_ENDPOINT_URL/$SAMPLE_BUCKET RESTIC_PASSWORD=secret RESTIC_CACHE_DIR=$work/cache
restic() { command restic --quiet --cacert "$AWS_CA_BUNDLE" "$@"; }
bucket=$SAMPLE_BUCKET

mkdir -p "$work/tree/a folder"
printf 'Hello World!' >"$work/tree/hello.txt"
head -c 30000000 /dev/urandom >"$work/tree/a folder/ümläut + 100%.bin"

api create-bucket --bucket "$bucket" --object-lock-enabled-for-bucket >/dev/null
api put-object-lock-configuration --bucket "$bucket" \
    --object-lock-configuration 'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=COMPLIANCE,Days=1}}'

restic init
(cd "$work/tree" && restic backup .)
printf 'Hello again!' >"$work/tree/hello.txt"
(cd "$work/tree" && restic backup .)
# To forget and to prune hides objects, and deletes nothing before its day.
restic forget --keep-last 1 --prune
restic check --read-data

# Somebody deletes everything, and then each version, bypass included.
s3 s3 rm --recursive --quiet "s3://$bucket"
if restic snapshots >/dev/null 2>&1; then exit 1; fi
api list-object-versions --bucket "$bucket" --query 'Versions[].[Key, VersionId]' >"$work/versions"
[[ $(wc -l <"$work/versions") -ge 8 ]]
while read -r key version; do
    said=$(api delete-object --bucket "$bucket" --key "$key" --version-id "$version" --bypass-governance-retention 2>&1) && exit 1
    [[ $said == *'(AccessDenied)'* ]]
done <"$work/versions"

# The delete markers go, and the repository is back. With those that restic had made itself, older objects come back too,
# which does no harm: it finds what it needs by name.
api list-object-versions --bucket "$bucket" --query 'DeleteMarkers[].[Key, VersionId]' | while read -r key version; do
    [[ $key == locks/* ]] || api delete-object --bucket "$bucket" --key "$key" --version-id "$version" >/dev/null
done
restic check --read-data
(cd "$work/tree" && restic restore latest --target "$work/back")
diff -r "$work/tree" "$work/back"
restic snapshots
s3 s3 ls | grep -F "$bucket"
