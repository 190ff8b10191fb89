#!/bin/bash
# aws-cli with lifecycle rules: sets, reads back and removes them, reads what they announce, and waits until one has acted.
set -euo pipefail

s3() { aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
api() { s3 s3api "$@" --output text; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AWS_CONFIG_FILE=$work/config AWS_DEFAULT_REGION=us-east-1 AWS_MAX_ATTEMPTS=1 AWS_PAGER=
printf '[default]\ns3 =\n  addressing_style = path\n' >"$AWS_CONFIG_FILE"
bucket=$SAMPLE_BUCKET
printf 'a line' >"$work/file"

s3 s3 mb "s3://$bucket"
[[ $(api get-bucket-lifecycle-configuration --bucket "$bucket" 2>&1) == *'(NoSuchLifecycleConfiguration)'* ]]

cat >"$work/rules.json" <<RULES
{"Rules": [
  {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}},
  {"ID": "uploads", "Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
  {"ID": "old versions", "Status": "Enabled", "Filter": {},
   "NoncurrentVersionExpiration": {"NoncurrentDays": 90, "NewerNoncurrentVersions": 3},
   "Expiration": {"ExpiredObjectDeleteMarker": true}},
  {"ID": "scratch", "Status": "Disabled",
   "Filter": {"And": {"Prefix": "scratch/", "Tags": [{"Key": "keep", "Value": "no"}], "ObjectSizeGreaterThan": 1000}},
   "Expiration": {"Date": "2030-01-01T00:00:00+00:00"}}
]}
RULES
api put-bucket-lifecycle-configuration --bucket "$bucket" --lifecycle-configuration "file://$work/rules.json" >/dev/null
s3 s3api get-bucket-lifecycle-configuration --bucket "$bucket" --output json >"$work/stored.json"
/usr/bin/python3 - "$work/rules.json" "$work/stored.json" <<'COMPARE'
import json, sys
sent, stored = (json.load(open(name, encoding="utf-8"))["Rules"] for name in sys.argv[1:])
# Releases of aws-cli print times in different forms.
for rules in sent, stored:
    rules[-1]["Expiration"]["Date"] = rules[-1]["Expiration"]["Date"][:len("2030-01-01T00:00:00")]
assert sent == stored, stored
COMPARE

expiration=$(api put-object --bucket "$bucket" --key logs/1 --body "$work/file" --query Expiration)
[[ $expiration == 'expiry-date="'*' 00:00:00 GMT", rule-id="logs"' ]] || { echo "$expiration"; exit 1; }
[[ $(api head-object --bucket "$bucket" --key logs/1 --query Expiration) == "$expiration" ]]
[[ $(api put-object --bucket "$bucket" --key other/1 --body "$work/file" --query Expiration) == None ]]
upload=$(api create-multipart-upload --bucket "$bucket" --key large --query '[UploadId, AbortRuleId]')
[[ $upload == *uploads ]]
[[ $(api list-parts --bucket "$bucket" --key large --upload-id "${upload%%[[:space:]]*}" --no-paginate --query AbortRuleId) == uploads ]]
api abort-multipart-upload --bucket "$bucket" --key large --upload-id "${upload%%[[:space:]]*}"

# A date that has passed. The rule acts soon after it was set, and on nothing else.
api put-bucket-lifecycle-configuration --bucket "$bucket" --lifecycle-configuration \
    'Rules=[{ID=past,Status=Enabled,Filter={Prefix=logs/},Expiration={Date=2015-01-01T00:00:00Z}}]' >/dev/null
for ((tries = 0; tries < 120; tries++)); do
    [[ $(s3 s3 ls --recursive "s3://$bucket") == *logs/1* ]] || break
    sleep 1
done
[[ $(api list-objects-v2 --bucket "$bucket" --query 'Contents[].Key') == other/1 ]]

api delete-bucket-lifecycle --bucket "$bucket"
[[ $(api get-bucket-lifecycle-configuration --bucket "$bucket" 2>&1) == *'(NoSuchLifecycleConfiguration)'* ]]
s3 s3 rb --force "s3://$bucket"
