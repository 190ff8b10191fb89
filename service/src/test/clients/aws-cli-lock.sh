#!/bin/bash
# aws-cli with object lock: default retention, retention and legal hold of a version, what is refused, bypass.
set -euo pipefail

s3() { aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
api() { s3 s3api "$@" --output text; }

refused() {
    local code=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "was not refused: $*" >&2
        exit 1
    fi
    [[ $said == *"($code)"* ]] || { echo "$* was not refused with $code: $said" >&2; exit 1; }
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AWS_CONFIG_FILE=$work/config AWS_DEFAULT_REGION=us-east-1 AWS_MAX_ATTEMPTS=1 AWS_PAGER=
printf '[default]\ns3 =\n  addressing_style = path\n' >"$AWS_CONFIG_FILE"
bucket=$SAMPLE_BUCKET
printf 'a backup' >"$work/file"
head -c 11000000 /dev/urandom >"$work/large"

api create-bucket --bucket "$bucket" --object-lock-enabled-for-bucket >/dev/null
[[ $(api get-bucket-versioning --bucket "$bucket" --query Status) == Enabled ]]
[[ $(api get-object-lock-configuration --bucket "$bucket" --query ObjectLockConfiguration.ObjectLockEnabled) == Enabled ]]
refused InvalidBucketState api put-bucket-versioning --bucket "$bucket" --versioning-configuration Status=Suspended

# A version without a lock. It is locked later.
plain=$(api put-object --bucket "$bucket" --key plain --body "$work/file" --query VersionId)
refused NoSuchObjectLockConfiguration api get-object-retention --bucket "$bucket" --key plain
refused NoSuchObjectLockConfiguration api get-object-legal-hold --bucket "$bucket" --key plain
api put-object-retention --bucket "$bucket" --key plain --retention 'Mode=GOVERNANCE,RetainUntilDate=2140-01-01T00:00:00Z'
[[ $(api get-object-retention --bucket "$bucket" --key plain --query Retention.RetainUntilDate) == 2140-01-01T00:00:00* ]]
refused AccessDenied api put-object-retention --bucket "$bucket" --key plain \
    --retention 'Mode=GOVERNANCE,RetainUntilDate=2130-01-01T00:00:00Z'
refused AccessDenied api delete-object --bucket "$bucket" --key plain --version-id "$plain"
api put-object-retention --bucket "$bucket" --key plain --bypass-governance-retention \
    --retention 'Mode=GOVERNANCE,RetainUntilDate=2130-01-01T00:00:00Z'
api delete-object --bucket "$bucket" --key plain --version-id "$plain" --bypass-governance-retention >/dev/null

# The bucket's default is for what is written from now on, in parts, too.
api put-object-lock-configuration --bucket "$bucket" \
    --object-lock-configuration 'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=GOVERNANCE,Days=1}}'
s3 s3 cp --no-progress "$work/large" "s3://$bucket/large"
large=$(api head-object --bucket "$bucket" --key large --query '[VersionId, ObjectLockMode]')
[[ $large == *GOVERNANCE ]]
refused AccessDenied api delete-object --bucket "$bucket" --key large --version-id "${large%%[[:space:]]*}"

# A legal hold is not bypassed.
held=$(api put-object --bucket "$bucket" --key held --body "$work/file" --checksum-algorithm SHA256 \
    --object-lock-legal-hold-status ON --query VersionId)
[[ $(api get-object-legal-hold --bucket "$bucket" --key held --query LegalHold.Status) == ON ]]
refused AccessDenied api delete-object --bucket "$bucket" --key held --version-id "$held" --bypass-governance-retention
api put-object-legal-hold --bucket "$bucket" --key held --legal-hold Status=OFF
[[ $(api get-object-legal-hold --bucket "$bucket" --key held --query LegalHold.Status) == OFF ]]

# Compliance binds everybody until its date, which is not before the next two commands have run on a busy machine.
until=$(date -u -d '60 seconds' +%Y-%m-%dT%H:%M:%SZ)
strict=$(api put-object --bucket "$bucket" --key strict --body "$work/file" --checksum-algorithm SHA256 \
    --object-lock-mode COMPLIANCE --object-lock-retain-until-date "$until" --query VersionId)
refused AccessDenied api delete-object --bucket "$bucket" --key strict --version-id "$strict" --bypass-governance-retention
refused AccessDenied api put-object-retention --bucket "$bucket" --key strict --bypass-governance-retention \
    --retention "Mode=GOVERNANCE,RetainUntilDate=$until"
while [[ $(date -u +%Y-%m-%dT%H:%M:%SZ) < $until ]]; do sleep 0.5; done
sleep 1
api delete-object --bucket "$bucket" --key strict --version-id "$strict" >/dev/null

# Without a version's id a key can always be deleted. The version stays and comes back with the removal of the delete marker.
s3 s3 rm "s3://$bucket/large"
refused 404 api head-object --bucket "$bucket" --key large
marker=$(api list-object-versions --bucket "$bucket" --prefix large --query 'DeleteMarkers[0].VersionId')
api delete-object --bucket "$bucket" --key large --version-id "$marker" >/dev/null
s3 s3 cp --no-progress "s3://$bucket/large" - | cmp - "$work/large"

api list-object-versions --bucket "$bucket" --query 'Versions[].[Key, VersionId]' | while read -r key version; do
    api delete-object --bucket "$bucket" --key "$key" --version-id "$version" --bypass-governance-retention >/dev/null
done
s3 s3 rb "s3://$bucket"
