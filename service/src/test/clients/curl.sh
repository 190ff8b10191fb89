#!/bin/bash
# curl, which signs by itself: stores a file and reads it back, lists, removes. Debian 12's curl does not send the header that
# every version 4 request to S3 needs, so it is given; and it signs the query as it is, so its names must be in order.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
s3() {
    curl -sS --fail-with-body --cacert "$AWS_CA_BUNDLE" --aws-sigv4 aws:amz:us-east-1:s3 \
        --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$@"
}
bucket=$AWS_ENDPOINT_URL/$SAMPLE_BUCKET
head -c 3000000 /dev/urandom >"$work/file.bin"

s3 -X PUT "$bucket"
s3 -T "$work/file.bin" "$bucket/folder/file.bin"
s3 "$bucket/folder/file.bin" | cmp - "$work/file.bin"
s3 -r 100-199 "$bucket/folder/file.bin" | cmp - <(tail -c +101 "$work/file.bin" | head -c 100)
s3 -I "$bucket/folder/file.bin"
s3 "$bucket?list-type=2&prefix=folder%2F"
s3 -X DELETE "$bucket/folder/file.bin"
s3 -X DELETE "$bucket"
