#!/bin/bash
# aws-cli with access logs: lets the service of logs write into a bucket, turns logs of another bucket on and off, and reads them.
set -euo pipefail

s3() { aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
api() { s3 s3api "$@" --output text; }
fails() { local code=$1; shift; [[ $("$@" 2>&1) == *"($code)"* ]] || { echo "not refused with $code: $*"; exit 1; }; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AWS_CONFIG_FILE=$work/config AWS_DEFAULT_REGION=us-east-1 AWS_MAX_ATTEMPTS=1 AWS_PAGER=
printf '[default]\ns3 =\n  addressing_style = path\n' >"$AWS_CONFIG_FILE"
bucket=$SAMPLE_BUCKET
logs=$bucket-logs
printf 'Hello World!' >"$work/file"

s3 s3 mb "s3://$bucket"
s3 s3 mb "s3://$logs"
account=$(api list-buckets --query Owner.ID)
status="LoggingEnabled={TargetBucket=$logs,TargetPrefix=access/}"
[[ $(api get-bucket-logging --bucket "$bucket") == '' ]]

# The owner of both buckets needs the policy, too.
fails AccessDenied api put-bucket-logging --bucket "$bucket" --bucket-logging-status "$status"
api put-bucket-policy --bucket "$logs" --policy "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\",
    \"Principal\": {\"Service\": \"logging.s3.amazonaws.com\"}, \"Action\": \"s3:PutObject\",
    \"Resource\": \"arn:aws:s3:::$logs/access/*\", \"Condition\": {
        \"ArnLike\": {\"aws:SourceArn\": \"arn:aws:s3:::$bucket\"}, \"StringEquals\": {\"aws:SourceAccount\": \"$account\"}}}]}"
fails AccessDenied api put-bucket-logging --bucket "$bucket" --bucket-logging-status "LoggingEnabled={TargetBucket=$logs,TargetPrefix=other/}"
fails NoSuchKey api put-bucket-logging --bucket "$bucket" --bucket-logging-status "LoggingEnabled={TargetBucket=$logs-none,TargetPrefix=access/}"
[[ $(api get-bucket-logging --bucket "$bucket") == '' ]]
api put-bucket-logging --bucket "$bucket" --bucket-logging-status "$status"
[[ $(api get-bucket-logging --bucket "$bucket" --query 'LoggingEnabled.[TargetBucket,TargetPrefix]') == "$logs"$'\t'access/ ]]

s3 s3 cp "$work/file" "s3://$bucket/a folder/ümläut \"1\".txt"
api get-object --bucket "$bucket" --key 'a folder/ümläut "1".txt' "$work/back" >/dev/null
cmp "$work/file" "$work/back"
fails 404 api head-object --bucket "$bucket" --key missing
api list-objects-v2 --bucket "$bucket" >/dev/null

# To turn logs off writes what is pending.
api put-bucket-logging --bucket "$bucket" --bucket-logging-status '{}'
[[ $(api get-bucket-logging --bucket "$bucket") == '' ]]
s3 s3 sync "s3://$logs" "$work/logs"
cat "$work"/logs/access/* >"$work/log"
/usr/bin/python3 - "$work/log" "$bucket" "$account" <<'READ'
import re, sys

log, bucket, account = sys.argv[1:]
records = []
for line in open(log, encoding="ascii"):
    fields = re.findall(r'\[[^]]*\]|"[^"]*"|\S+', line)
    assert len(fields) == 26, (len(fields), line)
    assert fields[:2] == [account, bucket], line
    records.append(fields)
by_operation = {fields[6]: fields for fields in records}
assert len({fields[5] for fields in records}) == len(records), "ids of requests are unique"

put = by_operation["REST.PUT.OBJECT"]
# The key is encoded twice, as Amazon does it.
assert put[7] == "a%2520folder/%25C3%25BCml%25C3%25A4ut%2520%25221%2522.txt", put
assert put[8].startswith(f'"PUT /{bucket}/') and put[8].endswith(' HTTP/1.1"') and put[9:11] == ["200", "-"], put
assert "aws-cli" in put[16] and put[19] == "SigV4" and put[21] == "AuthHeader", put
assert put[23].startswith("TLSv1.") and put[20] != "-", put
get = by_operation["REST.GET.OBJECT"]
assert get[9:13] == ["200", "-", "12", "12"], get
head = by_operation["REST.HEAD.OBJECT"]
assert head[7] == "missing" and head[9:11] == ["404", "NoSuchKey"], head
assert by_operation["REST.GET.BUCKET"][9] == "200", by_operation
print(*sorted(by_operation))
READ

s3 s3 rb --force "s3://$bucket"
s3 s3 rb --force "s3://$logs"
