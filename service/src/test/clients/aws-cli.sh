#!/bin/bash
# aws-cli: stores, reads back, copies a tree up and down, shares a link, encrypts, removes.
set -euo pipefail

s3() { aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AWS_CONFIG_FILE=$work/config AWS_DEFAULT_REGION=us-east-1 AWS_MAX_ATTEMPTS=1
printf '[default]\ns3 =\n  addressing_style = path\n' >"$AWS_CONFIG_FILE"
bucket=$SAMPLE_BUCKET

mkdir -p "$work/tree/a folder"
printf 'Hello World!' >"$work/tree/hello.txt"
head -c 3000000 /dev/urandom >"$work/tree/a folder/ümläut + 100%.bin"

s3 s3 mb "s3://$bucket"
s3 s3 cp --no-progress "$work/tree/hello.txt" "s3://$bucket/hello.txt"
s3 s3 sync --no-progress "$work/tree" "s3://$bucket/tree"
s3 s3 sync --no-progress "s3://$bucket/tree" "$work/back"
diff -r "$work/tree" "$work/back"
s3 s3 cp --no-progress - "s3://$bucket/from a pipe" < <(printf 'piped')
[[ $(s3 s3 cp --no-progress "s3://$bucket/from a pipe" -) == piped ]]

curl -sf --cacert "$AWS_CA_BUNDLE" "$(s3 s3 presign "s3://$bucket/hello.txt" --expires-in 60)" | cmp - "$work/tree/hello.txt"
s3 s3api head-object --bucket "$bucket" --key hello.txt --output text --query '[ContentLength, ContentType]'

# In parts: with a key of its own, then copied to one that the service keeps, and once more to another key of its own.
head -c 32 /dev/urandom >"$work/key"
head -c 32 /dev/urandom >"$work/other"
head -c 11000000 /dev/urandom >"$work/secret.bin"
encrypted=s3://$bucket-encrypted
s3 s3 mb "$encrypted"
s3 s3 cp --no-progress --sse-c AES256 --sse-c-key "fileb://$work/key" "$work/secret.bin" "$encrypted/own"
s3 s3 cp --no-progress --sse-c-copy-source AES256 --sse-c-copy-source-key "fileb://$work/key" --sse AES256 \
    "$encrypted/own" "$encrypted/service"
s3 s3 cp --no-progress --sse-c AES256 --sse-c-key "fileb://$work/other" "$encrypted/service" "$encrypted/other"
s3 s3 cp --no-progress --sse-c AES256 --sse-c-key "fileb://$work/key" "$encrypted/own" - | cmp - "$work/secret.bin"
s3 s3 cp --no-progress "$encrypted/service" - | cmp - "$work/secret.bin"
s3 s3 cp --no-progress --sse-c AES256 --sse-c-key "fileb://$work/other" "$encrypted/other" - | cmp - "$work/secret.bin"
if s3 s3 cp --no-progress "$encrypted/own" - >/dev/null 2>&1; then exit 1; fi
s3 s3 rb --force "$encrypted" >/dev/null

s3 s3 ls --recursive "s3://$bucket"
s3 s3 ls

s3 s3 rm --recursive "s3://$bucket"
s3 s3 rb "s3://$bucket"
