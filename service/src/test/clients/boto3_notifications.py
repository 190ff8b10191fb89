#!/usr/bin/python3
"""boto3: makes a topic, sets notifications of a bucket, gets the events over HTTP in their order, and removes everything."""
import http.server
import json
import os
import queue
import threading
import urllib.parse

import boto3
import botocore.config
import botocore.exceptions

WAIT_SECONDS = 120


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes the events that the server sends."""

    events = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.events.put((dict(self.headers), json.loads(body)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *unused):
        """Says nothing."""


def client(service, **settings):
    configuration = botocore.config.Config(retries={"max_attempts": 0}, **settings)
    return boto3.client(
        service, endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name="us-east-1", config=configuration)


def refused(code, call, **parameters):
    try:
        call(**parameters)
    except botocore.exceptions.ClientError as e:
        assert e.response["Error"]["Code"] == code, e
    else:
        raise AssertionError("not refused with " + code)


receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
endpoint = "http://127.0.0.1:{}/events?from=pataka".format(receiver.server_port)

s3 = client("s3", signature_version="s3v4", s3={"addressing_style": "path"})
sns = client("sns")
bucket = os.environ["SAMPLE_BUCKET"]
s3.create_bucket(Bucket=bucket)

name = bucket + "-topic"
attributes = {"push-endpoint": endpoint, "OpaqueData": "first", "cloudevents": "true", "persistent": "true"}
topic = sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]
assert topic.startswith("arn:aws:sns:us-east-1:") and topic.endswith(":" + name), topic
assert sns.create_topic(Name=name, Attributes=attributes)["TopicArn"] == topic
topics = [found["TopicArn"] for page in sns.get_paginator("list_topics").paginate() for found in page["Topics"]]
assert topics.count(topic) == 1, topics
sns.set_topic_attributes(TopicArn=topic, AttributeName="OpaqueData", AttributeValue="opaque ümläut")
shown = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
assert shown["Name"] == name and shown["TopicArn"] == topic and shown["OpaqueData"] == "opaque ümläut", shown
assert json.loads(shown["EndPoint"])["EndpointAddress"] == endpoint, shown

# Nothing of a wrong configuration is stored.
for code, configuration in (
    ("NoSuchKey", {"Id": "1", "TopicArn": topic + "-none", "Events": ["s3:ObjectCreated:*"]}),
    ("InvalidArgument", {"Id": "1", "TopicArn": "arn:aws:sns:nonsense", "Events": ["s3:ObjectCreated:*"]}),
    ("InvalidArgument", {"Id": "1", "TopicArn": topic, "Events": ["s3:ObjectForgotten"]}),
):
    refused(code, s3.put_bucket_notification_configuration, Bucket=bucket,
            NotificationConfiguration={"TopicConfigurations": [configuration]})
assert "TopicConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket)

texts = {
    "Id": "texts",
    "TopicArn": topic,
    "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
    "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "docs/"}, {"Name": "suffix", "Value": ".txt"}]}},
}
tags = {"Id": "tags", "TopicArn": topic, "Events": ["s3:ObjectTagging:*"]}
s3.put_bucket_notification_configuration(
    Bucket=bucket, NotificationConfiguration={"TopicConfigurations": [texts, tags]})
stored = s3.get_bucket_notification_configuration(Bucket=bucket)["TopicConfigurations"]
assert [found["Id"] for found in stored] == ["texts", "tags"], stored
for sent, found in zip((texts, tags), stored):
    found.get("Filter", {"Key": {}})["Key"].get("FilterRules", []).sort(key=lambda rule: rule["Name"])
    # Amazon prints the names of rules with a capital letter.
    assert json.dumps(found).replace("Prefix", "prefix").replace("Suffix", "suffix") == json.dumps({**found, **sent}), found

key = "docs/ümläut + 1.txt"
etag = s3.put_object(Bucket=bucket, Key=key, Body=b"Hello World!", Metadata={"colour": "blue"})["ETag"].strip('"')
s3.put_object(Bucket=bucket, Key="docs/other.bin", Body=b"filtered")
s3.put_object(Bucket=bucket, Key="other/1.txt", Body=b"filtered")
s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
s3.delete_object_tagging(Bucket=bucket, Key=key)
s3.copy_object(Bucket=bucket, Key="docs/copy.txt", CopySource={"Bucket": bucket, "Key": key})
upload = s3.create_multipart_upload(Bucket=bucket, Key="docs/parts.txt")["UploadId"]
part = s3.upload_part(Bucket=bucket, Key="docs/parts.txt", UploadId=upload, PartNumber=1, Body=b"x" * 100)["ETag"]
s3.complete_multipart_upload(Bucket=bucket, Key="docs/parts.txt", UploadId=upload,
                             MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part}]})
s3.delete_object(Bucket=bucket, Key=key)
s3.delete_object(Bucket=bucket, Key="docs/was-never-there.txt")
s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "docs/copy.txt"}, {"Key": "docs/parts.txt"}]})

expected = [
    ("ObjectCreated:Put", key, "texts"),
    ("ObjectTagging:Put", key, "tags"),
    ("ObjectTagging:Delete", key, "tags"),
    ("ObjectCreated:Copy", "docs/copy.txt", "texts"),
    ("ObjectCreated:CompleteMultipartUpload", "docs/parts.txt", "texts"),
    ("ObjectRemoved:Delete", key, "texts"),
    ("ObjectRemoved:Delete", "docs/copy.txt", "texts"),
    ("ObjectRemoved:Delete", "docs/parts.txt", "texts"),
]
sequencers = {}
seen = []
while len(seen) < len(expected):
    headers, body = Receiver.events.get(timeout=WAIT_SECONDS)
    (record,) = body["Records"]
    found = record["s3"]["object"]
    decoded = urllib.parse.unquote_plus(found["key"])
    seen.append((record["eventName"], decoded, record["s3"]["configurationId"]))
    assert headers["ce-type"] == "com.amazonaws." + record["eventName"], headers
    assert record["awsRegion"] == "us-east-1" and record["opaqueData"] == "opaque ümläut", record
    assert record["s3"]["bucket"]["name"] == bucket, record
    assert record["s3"]["bucket"]["arn"] == "arn:aws:s3:::" + bucket, record
    assert record["requestParameters"]["sourceIPAddress"] == "127.0.0.1", record
    assert record["userIdentity"]["principalId"] and record["responseElements"]["x-amz-request-id"], record
    # As with Amazon, changes of tags have none.
    if not record["eventName"].startswith("ObjectTagging:"):
        sequencer = int(found["sequencer"], 16)
        assert sequencers.get(decoded, -1) < sequencer, (decoded, record)
        sequencers[decoded] = sequencer
    if seen[-1] == expected[0]:
        assert found["size"] == 12 and found["eTag"] == etag, record
        assert {"key": "x-amz-meta-colour", "val": "blue"} in found["metadata"], record
assert seen == expected, seen
assert Receiver.events.empty()

s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
assert "TopicConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket)
sns.delete_topic(TopicArn=topic)
sns.delete_topic(TopicArn=topic)
refused("NotFound", sns.get_topic_attributes, TopicArn=topic)
for found in s3.list_objects_v2(Bucket=bucket)["Contents"]:
    s3.delete_object(Bucket=bucket, Key=found["Key"])
s3.delete_bucket(Bucket=bucket)
print("removed", bucket)
