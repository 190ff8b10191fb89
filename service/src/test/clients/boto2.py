#!/usr/bin/python3
"""boto 2 beyond the sample: reads back, asks for a range, shares a link, refuses a wrong key, sets rules, removes. Signature version 2."""
import hashlib
import os
import ssl
import urllib.parse
import urllib.request

import boto
import boto.exception
import boto.s3.connection
import boto.s3.lifecycle
import boto.s3.website

endpoint = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])
if not boto.config.has_section("Boto"):
    boto.config.add_section("Boto")
boto.config.set("Boto", "ca_certificates_file", os.environ["AWS_CA_BUNDLE"])
# A refusal is an answer here, not a reason to try again.
boto.config.set("Boto", "num_retries", "0")


def connect(secret):
    return boto.connect_s3(
        os.environ["AWS_ACCESS_KEY_ID"],
        secret,
        host=endpoint.hostname,
        port=endpoint.port,
        validate_certs=True,
        calling_format=boto.s3.connection.OrdinaryCallingFormat(),
    )


connection = connect(os.environ["AWS_SECRET_ACCESS_KEY"])
bucket = connection.create_bucket(os.environ["SAMPLE_BUCKET"])
content = bytes(range(256)) * 4000

key = bucket.new_key("a folder/ümläut + 100%.bin")
key.set_metadata("colour", "blue")
key.set_contents_from_string(content, headers={"Content-Type": "application/x-sample"})

found = bucket.get_key(key.name)
assert found.size == len(content), found.size
assert found.content_type == "application/x-sample", found.content_type
assert found.get_metadata("colour") == "blue", found.metadata
assert found.etag.strip('"') == hashlib.md5(content).hexdigest(), found.etag
assert found.get_contents_as_string() == content
assert found.get_contents_as_string(headers={"Range": "bytes=100-299"}) == content[100:300]

link = found.generate_url(60)
trust = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
with urllib.request.urlopen(link, context=trust) as answer:
    assert answer.read() == content

try:
    connect("not the secret").get_bucket(bucket.name)
    raise AssertionError("a wrong secret was accepted")
except boto.exception.S3ResponseError as refused:
    assert refused.status == 403, refused.status

rules = boto.s3.lifecycle.Lifecycle()
rules.add_rule("pages", "page/", "Enabled", boto.s3.lifecycle.Expiration(days=30))
rules.add_rule("all", "", "Disabled", boto.s3.lifecycle.Expiration(date="2030-01-01T00:00:00.000Z"))
assert bucket.configure_lifecycle(rules)
stored = {rule.id: (rule.prefix, rule.status, rule.expiration.days, rule.expiration.date) for rule in bucket.get_lifecycle_config()}
assert stored == {"pages": ("page/", "Enabled", 30, None), "all": ("", "Disabled", None, "2030-01-01T00:00:00.000Z")}, stored
assert bucket.delete_lifecycle_configuration()

to_documents = boto.s3.website.RoutingRules().add_rule(
    boto.s3.website.RoutingRule.when(key_prefix="docs/").then_redirect(replace_key_prefix="documents/"))
assert bucket.configure_website("index.html", "error.html", routing_rules=to_documents)
website = bucket.get_website_configuration()["WebsiteConfiguration"]
assert website["IndexDocument"] == {"Suffix": "index.html"} and website["ErrorDocument"] == {"Key": "error.html"}, website
assert website["RoutingRules"]["RoutingRule"]["Redirect"]["ReplaceKeyPrefixWith"] == "documents/", website
assert bucket.delete_website_configuration()

for listed in bucket.list():
    print("{}\t{}\t{}".format(listed.name, listed.size, listed.last_modified))
for mine in connection.get_all_buckets():
    print("{}\t{}".format(mine.name, mine.creation_date))

bucket.delete_keys([listed.name for listed in bucket.list()])
assert not list(bucket.list())
bucket.delete()
assert bucket.name not in [mine.name for mine in connection.get_all_buckets()]
