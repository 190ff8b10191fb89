#!/usr/bin/python3
"""The boto program that Pataka was built for: it makes a bucket, stores an object, and lists both.

It takes the server and the keys from the environment, as `make env` prints them:

    eval "$(make env)" && /usr/bin/python3 service/src/test/clients/sample.py
"""
import os
import urllib.parse

import boto
import boto.s3.connection

endpoint = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])

if "AWS_CA_BUNDLE" in os.environ:
    if not boto.config.has_section("Boto"):
        boto.config.add_section("Boto")
    boto.config.set("Boto", "ca_certificates_file", os.environ["AWS_CA_BUNDLE"])

connection = boto.connect_s3(
    aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
    aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    host=endpoint.hostname,
    port=endpoint.port or 8443,
    is_secure=endpoint.scheme == "https",
    validate_certs=True,
    calling_format=boto.s3.connection.OrdinaryCallingFormat(),
)

bucket = connection.create_bucket(os.environ.get("SAMPLE_BUCKET", "my-new-bucket"))

key = bucket.new_key("hello.txt")
key.set_contents_from_string("Hello World!")

for key in bucket.list():
    print("{name}\t{size}\t{modified}".format(name=key.name, size=key.size, modified=key.last_modified))

for bucket in connection.get_all_buckets():
    print("{name}\t{created}".format(name=bucket.name, created=bucket.creation_date))
