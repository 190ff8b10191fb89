#!/bin/bash
# aws-cli with topics: create, list by pages, attributes, a password that is never shown, what is refused, policy, delete.
set -euo pipefail

sns() { aws --endpoint-url "$AWS_ENDPOINT_URL" sns "$@" --output text; }

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
bucket=$SAMPLE_BUCKET
name=$bucket-topic

arn=$(sns create-topic --name "$name" --attributes \
    'push-endpoint=https://user:geheim@sink.example:8443/events?a=b,OpaqueData=first,verify-ssl=false,time_to_live=600')
[[ $arn == arn:aws:sns:us-east-1:*:"$name" ]]
# As with Amazon, this asks for the ARN.
[[ $(sns create-topic --name "$name") == "$arn" ]]
shown=$(aws --endpoint-url "$AWS_ENDPOINT_URL" sns get-topic-attributes --topic-arn "$arn" --output json)
[[ $shown == *'https://sink.example:8443/events?a=b'* && $shown == *first* && $shown == *verify-ssl=false* ]]
[[ $shown == *'\"HasStoredSecret\":true'* && $shown == *'\"TimeToLive\":\"600\"'* ]]
[[ $shown != *geheim* ]]

sns set-topic-attributes --topic-arn "$arn" --attribute-name OpaqueData --attribute-value 'second ümläut & <more>'
[[ $(sns get-topic-attributes --topic-arn "$arn" --query Attributes.OpaqueData) == 'second ümläut & <more>' ]]
# The password is not sent to another address.
# Some releases of aws-cli would fetch a URL that is a parameter of its own.
sns set-topic-attributes --cli-input-json '{"TopicArn": "'"$arn"'", "AttributeName": "push-endpoint",
    "AttributeValue": "http://other.example/"}'
[[ $(sns get-topic-attributes --topic-arn "$arn" --query Attributes.EndPoint) == *'"HasStoredSecret":false'* ]]
policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish",
    "Resource": "'$arn'"}]}'
sns set-topic-attributes --topic-arn "$arn" --attribute-name Policy --attribute-value "$policy"
[[ $(sns get-topic-attributes --topic-arn "$arn" --query Attributes.Policy) == *sns:Publish* ]]

refused InvalidParameter sns create-topic --name "$name.fifo"
refused InvalidParameter sns create-topic --name "$name-2" --attributes push-endpoint=ftp://sink.example/
refused InvalidParameter sns create-topic --name "$name-2" --attributes DisplayName=x
refused InvalidParameter sns set-topic-attributes --topic-arn "$arn" --attribute-name Policy --attribute-value '{}'
refused NotFound sns get-topic-attributes --topic-arn "$arn-2"
refused AuthorizationError sns get-topic-attributes --topic-arn arn:aws:sns:us-east-1:somebody:"$name"
refused InvalidAction sns publish --topic-arn "$arn" --message x

for number in $(seq 1 3); do
    sns create-topic --name "$name-page-$number" >/dev/null
done
[[ $(sns list-topics --query 'Topics[].TopicArn' | tr '\t' '\n' | grep -c "$name") == 4 ]]
for number in $(seq 1 3); do
    sns delete-topic --topic-arn "$arn-page-$number"
done
sns delete-topic --topic-arn "$arn"
sns delete-topic --topic-arn "$arn"
refused NotFound sns get-topic-attributes --topic-arn "$arn"
echo "no topics of $bucket are left"
