#!/usr/bin/python3
"""boto3: stores, reads back whole and in part, lists by folder and page, shares a link, encrypts, removes. Signature version 4."""
import io
import os
import ssl
import urllib.request

import boto3
import boto3.s3.transfer
import botocore.config
import botocore.exceptions


def connect(**configuration):
    return boto3.client(
        "s3",
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        config=botocore.config.Config(
            retries={"max_attempts": 0}, **{"signature_version": "s3v4", "s3": {"addressing_style": "path"}, **configuration}
        ),
    )


s3 = connect()
bucket = os.environ["SAMPLE_BUCKET"]
content = bytes(range(256)) * 4000

s3.create_bucket(Bucket=bucket)
stored = s3.put_object(
    Bucket=bucket,
    Key="a folder/ümläut + 100%.bin",
    Body=io.BytesIO(content),
    ContentType="application/x-sample",
    CacheControl="max-age=60",
    Metadata={"colour": "blue"},
    ChecksumAlgorithm="SHA256",
)
for number in range(5):
    s3.put_object(Bucket=bucket, Key="page/{}".format(number), Body=str(number))

found = s3.get_object(Bucket=bucket, Key="a folder/ümläut + 100%.bin", ChecksumMode="ENABLED")
assert found["Body"].read() == content
assert found["ETag"] == stored["ETag"]
assert found["ContentType"] == "application/x-sample", found
assert found["CacheControl"] == "max-age=60", found
assert found["Metadata"] == {"colour": "blue"}, found
assert found["ChecksumSHA256"] == stored["ChecksumSHA256"], found

part = s3.get_object(Bucket=bucket, Key="a folder/ümläut + 100%.bin", Range="bytes=-256")
assert part["ContentRange"] == "bytes {}-{}/{}".format(len(content) - 256, len(content) - 1, len(content)), part
assert part["Body"].read() == content[-256:]

folders = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
assert [folder["Prefix"] for folder in folders["CommonPrefixes"]] == ["a folder/", "page/"], folders
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="page/", PaginationConfig={"PageSize": 2})
assert [[o["Key"] for o in page["Contents"]] for page in pages] == [["page/0", "page/1"], ["page/2", "page/3"], ["page/4"]]

trust = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
for version in ("s3v4", "s3"):
    link = connect(signature_version=version).generate_presigned_url(
        "get_object", {"Bucket": bucket, "Key": "a folder/ümläut + 100%.bin"}, ExpiresIn=60
    )
    with urllib.request.urlopen(link, context=trust) as answer:
        assert answer.read() == content
upload = s3.generate_presigned_url("put_object", {"Bucket": bucket, "Key": "by link"}, ExpiresIn=60)
with urllib.request.urlopen(urllib.request.Request(upload, b"brought", method="PUT"), context=trust) as answer:
    assert answer.status == 200
assert s3.get_object(Bucket=bucket, Key="by link")["Body"].read() == b"brought"

# In parts, with keys of the client. The boto3 of Debian 12 sends no key when it completes an upload.
in_parts = boto3.s3.transfer.TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
secret = os.urandom(11000000)
key, other = ({"SSECustomerAlgorithm": "AES256", "SSECustomerKey": os.urandom(32)} for _ in range(2))
s3.upload_fileobj(io.BytesIO(secret), bucket, "secret", ExtraArgs=key, Config=in_parts)
source = {"CopySource" + name: value for name, value in key.items()}
s3.copy({"Bucket": bucket, "Key": "secret"}, bucket, "copied in parts", ExtraArgs={**source, **other}, SourceClient=s3, Config=in_parts)
s3.copy_object(CopySource={"Bucket": bucket, "Key": "secret"}, Bucket=bucket, Key="copied", **source, **other)
s3.copy_object(CopySource={"Bucket": bucket, "Key": "secret"}, Bucket=bucket, Key="kept by the service", ServerSideEncryption="AES256", **source)
for name, own in (("secret", key), ("copied in parts", other), ("copied", other), ("kept by the service", {})):
    assert s3.get_object(Bucket=bucket, Key=name, **own)["Body"].read() == secret, name
assert s3.head_object(Bucket=bucket, Key="kept by the service")["ServerSideEncryption"] == "AES256"
assert s3.get_object(Bucket=bucket, Key="secret", PartNumber=2, **key)["Body"].read() == secret[5 << 20 : 10 << 20]
for own in ({}, other):
    try:
        s3.get_object(Bucket=bucket, Key="secret", **own)
        raise AssertionError("an object was read without its key")
    except botocore.exceptions.ClientError as refused:
        assert refused.response["ResponseMetadata"]["HTTPStatusCode"] == 400, refused

try:
    s3.head_object(Bucket=bucket, Key="absent")
    raise AssertionError("an absent object was found")
except botocore.exceptions.ClientError as refused:
    assert refused.response["ResponseMetadata"]["HTTPStatusCode"] == 404, refused

for listed in s3.list_objects_v2(Bucket=bucket)["Contents"]:
    print("{}\t{}\t{}".format(listed["Key"], listed["Size"], listed["LastModified"].isoformat()))
for mine in s3.list_buckets()["Buckets"]:
    print("{}\t{}".format(mine["Name"], mine["CreationDate"].isoformat()))

every = [{"Key": listed["Key"]} for listed in s3.list_objects_v2(Bucket=bucket)["Contents"]]
deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": every})
assert len(deleted["Deleted"]) == len(every) and "Errors" not in deleted, deleted
s3.delete_bucket(Bucket=bucket)
assert bucket not in [mine["Name"] for mine in s3.list_buckets()["Buckets"]]
