#!/bin/bash
# aws-cli with inventories: sets, lists, reads back and removes their configurations, and reads a report.
set -euo pipefail

s3() { aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
api() { s3 s3api "$@" --output text; }
fails() { local code=$1; shift; [[ $("$@" 2>&1) == *"($code)"* ]] || { echo "not refused with $code: $*"; exit 1; }; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AWS_CONFIG_FILE=$work/config AWS_DEFAULT_REGION=us-east-1 AWS_MAX_ATTEMPTS=1 AWS_PAGER=
printf '[default]\ns3 =\n  addressing_style = path\n' >"$AWS_CONFIG_FILE"
bucket=$SAMPLE_BUCKET
reports=$bucket-reports
printf 'Hello World!' >"$work/file"

s3 s3 mb "s3://$bucket"
s3 s3 mb "s3://$reports"
account=$(api list-buckets --query Owner.ID)
s3 s3 cp "$work/file" "s3://$bucket/docs/ümläut, \"1\".txt"
s3 s3 cp "$work/file" "s3://$bucket/other/2.txt"

cat >"$work/daily.json" <<INVENTORY
{"Id": "daily", "IsEnabled": true, "IncludedObjectVersions": "Current", "Schedule": {"Frequency": "Daily"}, "Filter": {"Prefix": "docs/"},
 "Destination": {"S3BucketDestination": {"AccountId": "$account", "Bucket": "arn:aws:s3:::$reports", "Format": "CSV", "Prefix": "of"}},
 "OptionalFields": ["Size", "LastModifiedDate", "ETag", "StorageClass"]}
INVENTORY
put() { api put-bucket-inventory-configuration --bucket "$bucket" --id "$1" --inventory-configuration "file://$work/$2.json"; }

[[ $(s3 s3api list-bucket-inventory-configurations --bucket "$bucket" --query 'length(InventoryConfigurationList || `[]`)') == 0 ]]
fails NoSuchConfiguration api get-bucket-inventory-configuration --bucket "$bucket" --id daily
sed 's/"CSV"/"Parquet"/' "$work/daily.json" >"$work/parquet.json"
fails NotImplemented put daily parquet
fails InvalidArgument put another daily
api put-bucket-policy --bucket "$reports" --policy "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\",
    \"Principal\": {\"Service\": \"s3.amazonaws.com\"}, \"Action\": \"s3:PutObject\", \"Resource\": \"arn:aws:s3:::$reports/*\",
    \"Condition\": {\"ArnLike\": {\"aws:SourceArn\": \"arn:aws:s3:::$bucket\"},
        \"StringEquals\": {\"aws:SourceAccount\": \"$account\", \"s3:x-amz-acl\": \"bucket-owner-full-control\"}}}]}"
put daily daily
sed 's/"daily"/"weekly"/; s/Daily/Weekly/; s/"IsEnabled": true/"IsEnabled": false/' "$work/daily.json" >"$work/weekly.json"
put weekly weekly
s3 s3api get-bucket-inventory-configuration --bucket "$bucket" --id daily --output json >"$work/stored.json"
/usr/bin/python3 - "$work/daily.json" "$work/stored.json" <<'COMPARE'
import json, sys
sent, stored = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
assert stored["InventoryConfiguration"] == sent, stored
COMPARE
[[ $(api list-bucket-inventory-configurations --bucket "$bucket" --query 'InventoryConfigurationList[].Id') == daily$'\t'weekly ]]

# The first report is written soon after the configuration was set.
for ((tries = 0; tries < 120; tries++)); do
    [[ $(s3 s3 ls --recursive "s3://$reports") != *manifest.checksum* ]] || break
    sleep 1
done
s3 s3 sync "s3://$reports" "$work/reports"
/usr/bin/python3 - "$work/reports" "$bucket" "$reports" <<'READ'
import csv, glob, gzip, hashlib, io, json, os, sys, urllib.parse

folder, bucket, reports = sys.argv[1:]
(path,) = glob.glob(f"{folder}/of/{bucket}/daily/*-*-*T*-*Z/manifest.json")
manifest = json.load(open(path, encoding="utf-8"))
digest = open(os.path.join(os.path.dirname(path), "manifest.checksum"), encoding="ascii").read().strip()
assert digest == hashlib.md5(open(path, "rb").read()).hexdigest(), digest
assert manifest["sourceBucket"] == bucket and manifest["destinationBucket"] == f"arn:aws:s3:::{reports}", manifest
assert manifest["fileFormat"] == "CSV" and manifest["version"] == "2016-11-30", manifest
assert manifest["fileSchema"] == "Bucket, Key, Size, LastModifiedDate, ETag, StorageClass", manifest
(file,) = manifest["files"]
stored = open(os.path.join(folder, file["key"]), "rb").read()
assert file["size"] == len(stored) and file["MD5checksum"] == hashlib.md5(stored).hexdigest(), file
((name, key, size, modified, etag, storage),) = csv.reader(io.StringIO(gzip.decompress(stored).decode()))
assert (name, urllib.parse.unquote_plus(key), size, storage) == (bucket, 'docs/ümläut, "1".txt', "12", "STANDARD"), (name, key, size)
assert etag.strip('"') == hashlib.md5(b"Hello World!").hexdigest() and modified.endswith("Z"), (etag, modified)
READ

api delete-bucket-inventory-configuration --bucket "$bucket" --id daily
fails NoSuchConfiguration api get-bucket-inventory-configuration --bucket "$bucket" --id daily
[[ $(api list-bucket-inventory-configurations --bucket "$bucket" --query 'InventoryConfigurationList[].Id') == weekly ]]
s3 s3 rb --force "s3://$reports"
s3 s3 rb --force "s3://$bucket"
