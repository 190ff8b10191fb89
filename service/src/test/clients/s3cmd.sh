#!/bin/bash
# s3cmd, with both signature versions: stores, reads back, copies a tree up and down, shares a link, sets lifecycle rules, a
# website and access logs, removes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
host=${AWS_ENDPOINT_URL#https://}
cat >"$work/config" <<CONFIG
[default]
access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY
host_base = $host
host_bucket = $host
ca_certs_file = $AWS_CA_BUNDLE
use_https = True
signurl_use_https = True
max_retries = 1
CONFIG

mkdir -p "$work/tree/a folder"
printf 'Hello World!' >"$work/tree/hello.txt"
head -c 3000000 /dev/urandom >"$work/tree/a folder/ümläut + 100%.bin"

for version in 4 2; do
    options=(--config "$work/config" --no-progress)
    [[ $version == 4 ]] || options+=(--signature-v2)
    s3() { s3cmd "${options[@]}" "$@"; }
    bucket=$SAMPLE_BUCKET-v$version

    s3 mb "s3://$bucket"
    s3 put "$work/tree/hello.txt" "s3://$bucket/hello.txt"
    s3 sync "$work/tree/" "s3://$bucket/tree/"
    rm -rf "$work/back" && mkdir "$work/back"
    s3 sync "s3://$bucket/tree/" "$work/back/"
    diff -r "$work/tree" "$work/back"

    [[ $(s3 signurl "s3://$bucket/hello.txt" +60) == "$AWS_ENDPOINT_URL"/* ]]
    curl -sf --cacert "$AWS_CA_BUNDLE" "$(s3 signurl "s3://$bucket/hello.txt" +60)" | cmp - "$work/tree/hello.txt"

    # Its own rule, and a document.
    s3 expire --expiry-days=30 --expiry-prefix=tree/ "s3://$bucket"
    [[ $(s3 info "s3://$bucket") == *"prefix 'tree/' will expire in '30' day(s)"* ]]
    s3 getlifecycle "s3://$bucket" >"$work/rules"
    s3 setlifecycle "$work/rules" "s3://$bucket"
    s3 getlifecycle "s3://$bucket" | cmp - "$work/rules"
    s3 dellifecycle "s3://$bucket"
    [[ $(s3 getlifecycle "s3://$bucket" 2>&1) == *NoSuchLifecycleConfiguration* ]]

    s3 ws-create --ws-index=index.html --ws-error=error.html "s3://$bucket"
    [[ $(s3 ws-info "s3://$bucket") == *'Index document:   index.html'*'Error document:   error.html'* ]]
    s3 ws-delete "s3://$bucket"
    [[ $(s3 ws-info "s3://$bucket") == *'Unable to receive website configuration'* ]]

    # Access logs of the bucket, in another one.
    s3 mb "s3://$bucket-logs"
    cat >"$work/policy" <<POLICY
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"},
    "Action": "s3:PutObject", "Resource": "arn:aws:s3:::$bucket-logs/access/*"}]}
POLICY
    s3 setpolicy "$work/policy" "s3://$bucket-logs"
    s3 accesslog --access-logging-target-prefix="s3://$bucket-logs/access/" "s3://$bucket"
    [[ $(s3 accesslog "s3://$bucket") == *"Target prefix: s3://$bucket-logs/access/"* ]]
    s3 get "s3://$bucket/hello.txt" - >/dev/null
    s3 accesslog --no-access-logging "s3://$bucket"
    [[ $(s3 accesslog "s3://$bucket") == *'Logging Enabled: False'* ]]
    s3 get "$(s3 ls "s3://$bucket-logs/access/" | awk '{ print $NF }')" - | grep -q 'REST.GET.OBJECT hello.txt'
    s3 rb --recursive --force "s3://$bucket-logs"

    s3 ls --recursive "s3://$bucket"
    s3 ls

    s3 del --recursive --force "s3://$bucket"
    s3 rb "s3://$bucket"
done
