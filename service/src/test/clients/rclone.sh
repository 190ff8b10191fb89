#!/bin/bash
# rclone: copies a tree up, compares it by checksum, copies it down, shares a link, encrypts with a key of its own, removes. In a
# bucket with object lock it copies back what was there before a removal.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RCLONE_CONFIG=$work/rclone.conf RCLONE_RETRIES=1 RCLONE_LOW_LEVEL_RETRIES=1
export RCLONE_CONFIG_PATAKA_TYPE=s3 RCLONE_CONFIG_PATAKA_PROVIDER=Other RCLONE_CONFIG_PATAKA_ENV_AUTH=true
export RCLONE_CONFIG_PATAKA_ENDPOINT=$AWS_ENDPOINT_URL
touch "$RCLONE_CONFIG"

# Its S3 library reads AWS_CA_BUNDLE too, and gives up because rclone brought an HTTP client of its own.
certificate=$AWS_CA_BUNDLE
unset AWS_CA_BUNDLE
export RCLONE_CA_CERT=$certificate
bucket=pataka:$SAMPLE_BUCKET

mkdir -p "$work/tree/a folder"
printf 'Hello World!' >"$work/tree/hello.txt"
head -c 3000000 /dev/urandom >"$work/tree/a folder/ümläut + 100%.bin"

rclone mkdir "$bucket"
rclone copy "$work/tree" "$bucket"
rclone check --download "$work/tree" "$bucket"
rclone check "$work/tree" "$bucket"
rclone copy "$bucket" "$work/back"
diff -r "$work/tree" "$work/back"
[[ $(rclone cat "$bucket/hello.txt") == 'Hello World!' ]]

# What was not changed is not sent again.
repeated=$(rclone sync -v "$work/tree" "$bucket" 2>&1)
[[ $repeated == *'There was nothing to transfer'* ]]

curl -sf --cacert "$certificate" "$(rclone link --expire 1m "$bucket/hello.txt")" | cmp - "$work/tree/hello.txt"

# In parts; it sends the key with each part, but not when it completes the upload.
head -c 11000000 /dev/urandom >"$work/secret.bin"
customer=(--s3-sse-customer-algorithm AES256 --s3-sse-customer-key 0123456789abcdef0123456789abcdef)
rclone copy "${customer[@]}" --s3-upload-cutoff 5M --s3-chunk-size 5M "$work/secret.bin" "$bucket/encrypted"
rclone cat "${customer[@]}" "$bucket/encrypted/secret.bin" | cmp - "$work/secret.bin"
[[ -z $(rclone cat "$bucket/encrypted/secret.bin" 2>/dev/null) ]]
rclone deletefile "${customer[@]}" "$bucket/encrypted/secret.bin"

# In a locked bucket, which another client made without an ACL. All that rclone removes is there as it was before.
lock() { aws --endpoint-url "$AWS_ENDPOINT_URL" --ca-bundle "$certificate" --region us-east-1 s3api "$@" --output text; }
lock create-bucket --bucket "$SAMPLE_BUCKET-locked" --object-lock-enabled-for-bucket >/dev/null
lock put-object-lock-configuration --bucket "$SAMPLE_BUCKET-locked" \
    --object-lock-configuration 'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=GOVERNANCE,Days=1}}'
rclone copy --s3-acl bucket-owner-full-control --s3-upload-cutoff 5M --s3-chunk-size 5M "$work/tree" "$bucket-locked"
rclone copy --s3-acl bucket-owner-full-control --s3-upload-cutoff 5M --s3-chunk-size 5M "$work/secret.bin" "$bucket-locked"
sleep 1
before=$(date -u +%Y-%m-%dT%H:%M:%SZ)
sleep 1
rclone delete "$bucket-locked"
[[ -z $(rclone lsf --recursive "$bucket-locked") ]]
rclone copy --s3-version-at "$before" "$bucket-locked" "$work/before"
cmp "$work/before/secret.bin" "$work/secret.bin"
rm "$work/before/secret.bin"
diff -r "$work/tree" "$work/before"
lock list-object-versions --bucket "$SAMPLE_BUCKET-locked" --query 'Versions[].[VersionId, Key]' | while read -r version key; do
    said=$(lock delete-object --bucket "$SAMPLE_BUCKET-locked" --key "$key" --version-id "$version" 2>&1) && exit 1
    [[ $said == *'(AccessDenied)'* ]]
done

rclone lsl "$bucket"
rclone lsd pataka:

rclone purge "$bucket"
