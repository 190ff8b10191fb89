#!/usr/bin/python3
"""Runs ceph/s3-tests, from a work tree of it, against a server, and compares the outcome with expected.tsv.

    S3TESTS_DIR   a work tree of ceph/s3-tests (the list was made at 8f0ae7b4)
    SDK_EXTRAS    Ceph's extension of boto's model; service-2.sdk-extras.json beside the work tree if not set. It is
                  downloaded from Ceph's repository if it is not there
    BOTO_PATH     a folder with boto3, botocore and s3transfer to use in place of the system's: the newer client
    S3TESTS_CONF  a configuration of the suite, to test a server that runs already, with two Keystone projects, say,
                  as main and alt; its lc_debug_interval must be the server's lifecycle.day in seconds. Otherwise the
                  development server is started, with local keys
    SCHEMES       http and https, or one of them; a configuration has its own. The list is of both together
    KEYWORD       an expression for pytest -k; what it leaves out is not judged
    OWNERSHIP     the server's objectOwnership; ObjectWriter if not set, for which the list is
    OUT           a folder for logs and outcomes; a new one below the system's if not set

--update writes expected.tsv anew from this run: reasons stay, tests that pass are removed, and those that newly fail
are added with their message, which must be replaced by the reason.

Exit status: 0 all as expected, 1 not so, 2 not run.
"""
import base64
import collections
import configparser
import json
import os
import pathlib
import re
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
EXPECTED = HERE / "expected.tsv"
FILES = ("test_s3.py", "test_headers.py", "test_sns.py")
# Without this file most tests of bucket logging and of notifications skip themselves or send a part of their request.
EXTRAS = "service-2.sdk-extras.json"
EXTRAS_URL = f"https://raw.githubusercontent.com/ceph/ceph/main/examples/rgw/boto3/{EXTRAS}"
# What the newest part of the extension adds. The tests of 8f0ae7b4 read it.
EXTRAS_NEED = "FlushedLoggingObject"
HEADER = """\
# Tests of ceph/s3-tests that do not pass, and why: test TAB client TAB reason. The client is old (Debian 12's boto3),
# new (1.42) or all. A test of this list that passes is an error too. Written by run.py --update, which keeps reasons.
"""
# The seconds of a day for lifecycle rules.
DAY = 10
# The suite counts on access control lists wherever a test does not say otherwise.
SETTINGS = f"\nobjectOwnership: {os.environ.get('OWNERSHIP', 'ObjectWriter')}\nlifecycle: {{day: {DAY}s}}\n"
CLIENT = "new" if os.environ.get("BOTO_PATH") else "old"
# The suite sends customers' keys over http, too, and names these keys of the key manager unless its configuration has others.
ENCRYPTION = "\nencryption:\n"
KMS_KEYS = ("testkey-1", "testkey-2")
# What tests of storage classes and transitions ask for: two classes beside STANDARD, each with a volume of its own.
VOLUMES = '\nvolumes:\n  - {number: 1, path: "${DATA:-data}/volume1"}\n'
STORAGE_CLASSES = ("STANDARD", "LUKEWARM", "FROZEN")
# Clients of the suite do not repeat requests. Some use a connection again after the thirty seconds of the default.
CONNECTOR = re.compile(r"(\{type: https?(?:-pem)?, )(port: )")
CONNECTORS = 2
IDLE = "idleTimeout: 10m, "
# Tests of lifecycle rules wait most of their time, some for minutes. So many processes run them beside the other tests.
WAITING = "lifecycle_expiration or lifecycle_transition"
WAITING_PROCESSES = 6
# Tests that count the buckets of the account: they run when no other test makes buckets.
ALONE = "test_list_buckets"
START_SECONDS = 120


class Server:
    """The development server on free ports, with three accounts."""

    def __init__(self, out):
        self.out = out
        self.data = out / "data"
        self.ports = {name: free_port() for name in ("http", "https", "admin")}
        self.keys = {name: (secrets.token_hex(10), secrets.token_hex(20)) for name in ("main", "alt", "tenant")}
        self.process = None

    def __enter__(self):
        self.data.mkdir(mode=0o700)
        path = self.data / "credentials.yml"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            for name, (access, secret) in self.keys.items():
                file.write(f"- accessKey: '{access}'\n  secretKey: '{secret}'\n"
                           f"  account: {{id: {name}-project, name: {name}}}\n"
                           f"  user: {{id: {name}-user, name: {name}}}\n"
                           f"  email: {name}@example.com\n  roles: [member]\n")
        kms = self.data / "kms.yml"
        with open(os.open(kms, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{key}: {base64.b64encode(secrets.token_bytes(32)).decode()}\n" for key in KMS_KEYS)
        development = (ROOT / "etc" / "pataka-dev.yml").read_text("utf-8")
        if development.count(ENCRYPTION) != 1:
            stop("etc/pataka-dev.yml has no section encryption")
        if development.count(VOLUMES) != 1:
            stop("etc/pataka-dev.yml has not the one volume that is replaced")
        development, connectors = CONNECTOR.subn(rf"\g<1>{IDLE}\g<2>", development)
        if connectors != CONNECTORS:
            stop("etc/pataka-dev.yml has not the two connectors")
        encryption = f"{ENCRYPTION}  requireTls: false\n  kms: {{keysFile: '{kms}'}}\n"
        volumes = "\nvolumes:\n"
        for number, storage_class in enumerate(STORAGE_CLASSES, 1):
            path = self.data / f"volume{number}"
            path.mkdir()
            volumes += f"  - {{number: {number}, path: '{path}', storageClasses: [{storage_class}]}}\n"
        settings = self.out / "settings.yml"
        settings.write_text(
            development.replace(ENCRYPTION, encryption).replace(VOLUMES, volumes) + SETTINGS, "utf-8")
        command = [os.environ.get("JAVA", "java"), "-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-cp", os.environ["CLASS_PATH"],
                   "io.pataka.service.development.DevelopmentServer", f"--settings={settings}", f"--data={self.data}"]
        command += [f"--{name}-port={port}" for name, port in self.ports.items()]
        with open(self.out / "server.log", "wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_SECONDS
        while not (self.data / "environment").exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                stop(f"the server did not start: see {self.out}/server.log")
            time.sleep(0.5)
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def conf(self, scheme):
        conf = configparser.RawConfigParser()
        conf["DEFAULT"] = {"host": "localhost", "port": self.ports[scheme], "is_secure": scheme == "https",
                           "ssl_verify": False}
        conf["fixtures"] = {"bucket prefix": f"{scheme}-{{random}}-", "iam name prefix": "s3-tests-",
                            "iam path prefix": "/s3-tests/"}
        for section, name in (("s3 main", "main"), ("s3 alt", "alt"), ("s3 tenant", "tenant"), ("iam", "main"),
                              ("iam root", "main"), ("iam alt root", "alt")):
            access, secret = self.keys[name]
            conf[section] = {"access_key": access, "secret_key": secret, "user_id": f"{name}-project",
                             "display_name": name, "email": f"{name}@example.com"}
        conf["s3 main"]["api_name"] = "us-east-1"
        conf["s3 main"]["storage_classes"] = ", ".join(STORAGE_CLASSES)
        conf["s3 main"]["lc_debug_interval"] = str(DAY)
        conf["s3 tenant"]["tenant"] = "tenant"
        path = self.out / f"{scheme}.conf"
        with open(path, "w", encoding="utf-8") as file:
            conf.write(file)
        return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(why):
    print(f"s3tests: {why}", file=sys.stderr)
    sys.exit(2)


def models(out):
    """The folder that boto reads as its customer's models: it has Ceph's extension."""
    path = pathlib.Path(os.environ.get("SDK_EXTRAS") or pathlib.Path(os.environ["S3TESTS_DIR"]).resolve().parent / EXTRAS)
    if not path.exists():
        try:
            with urllib.request.urlopen(EXTRAS_URL, timeout=60) as answer:
                path.write_bytes(answer.read())
        except OSError as e:
            stop(f"{EXTRAS_URL} cannot be read ({e}): download it to {path}, or name its file in SDK_EXTRAS")
    text = path.read_text("utf-8")
    if EXTRAS_NEED not in text:
        stop(f"{path} is older than the suite, for it lacks {EXTRAS_NEED}: replace it by {EXTRAS_URL}")
    extension = json.loads(text)
    # boto adds the bucket to the path only of operations whose model says that the parameter is the endpoint's bucket.
    extension["merge"]["shapes"]["PostBucketLoggingRequest"]["members"]["Bucket"]["contextParam"] = {"name": "Bucket"}
    folder = out / "models" / "s3" / "2006-03-01"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / EXTRAS).write_text(json.dumps(extension), "utf-8")
    return out / "models"


def suite(conf, out, name, certificate=None):
    """One pass of the suite: outcome by test."""
    environment = {variable: value for variable, value in os.environ.items() if not variable.startswith("AWS_")}
    environment.update(
        S3TEST_CONF=str(conf), PYTHONPYCACHEPREFIX=str(out / "bytecode"), NO_PROXY="*",
        AWS_MAX_ATTEMPTS="1", AWS_EC2_METADATA_DISABLED="true", AWS_DEFAULT_REGION="us-east-1",
        AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_DATA_PATH=str(models(out)),
        PYTHONPATH=os.pathsep.join(filter(None, [str(HERE), os.environ.get("BOTO_PATH")])))
    if certificate:
        # The second is for tests that post forms and do not say that certificates are not to be verified.
        environment["SSL_CERT_FILE"] = environment["REQUESTS_CA_BUNDLE"] = str(certificate)
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short"]
    chosen = ["-k", os.environ["KEYWORD"]] if os.environ.get("KEYWORD") else []
    chosen += [f"s3tests/functional/{file}" for file in FILES]

    def collected(marks):
        listed = subprocess.run(pytest + ["--collect-only", "-m", marks] + chosen, cwd=os.environ["S3TESTS_DIR"],
                                env=environment, stdout=subprocess.PIPE, check=False).stdout.decode()
        return [line for line in listed.splitlines() if line.startswith("s3tests/") and "::" in line]

    def start(share, tests):
        records = out / f"{name}, {share}.jsonl"
        with open(out / f"{name}, {share}.log", "wb") as log:
            return records, subprocess.Popen(
                pytest + ["-p", "outcomes", "-p", "accounts"] + tests, cwd=os.environ["S3TESTS_DIR"], stdout=log,
                stderr=subprocess.STDOUT, env=dict(environment, S3TESTS_OUTCOMES=str(records)))

    waiting = collected(WAITING)
    alone = [test for test in collected(f"not ({WAITING})") if ALONE in test]
    side_by_side = {"others": ["-m", f"not ({WAITING})"] + chosen + [f"--deselect={test}" for test in alone]}
    for number in range(min(WAITING_PROCESSES, len(waiting))):
        side_by_side[f"waiting {number + 1}"] = waiting[number::WAITING_PROCESSES]
    outcomes = {}
    for shares in (side_by_side, {"alone": alone} if alone else {}):
        for records, process in [start(share, tests) for share, tests in shares.items()]:
            process.wait()
            if records.exists():
                with open(records, encoding="utf-8") as lines:
                    outcomes.update((row["test"], row) for row in map(json.loads, lines))
    if not outcomes:
        stop(f"pytest ran no test: see the logs in {out}")
    return outcomes


def table(title, groups):
    print(f"\n{title:36}{'passed':>8}{'failed':>8}{'skipped':>8}{'total':>8}")
    for name, rows in groups:
        count = collections.Counter(row["outcome"] for row in rows)
        print(f"{name:36}{count['passed']:8}{count['failed']:8}{count['skipped']:8}{len(rows):8}")


def class_of(row):
    """Which servers the suite's authors saw fail."""
    if "fails_on_rgw" in row["markers"]:
        return "fails-on-rgw"
    return "rgw-only" if "fails_on_aws" in row["markers"] else "core"


def totals(name, outcomes):
    with open(HERE / "topics.tsv", encoding="utf-8") as lines:
        topics = [(topic, re.compile(form)) for topic, form in
                  (line.rstrip("\n").split("\t") for line in lines if not line.startswith("#"))]
    by_class, by_topic = collections.defaultdict(list), {topic: [] for topic, _ in topics}
    for test, row in outcomes.items():
        by_class[class_of(row)].append(row)
        by_topic[next(topic for topic, form in topics if form.search(test))].append(row)
    table(f"{name}, {CLIENT} client", [("all", list(outcomes.values()))])
    table("class", sorted(by_class.items()))
    table("topic", [(topic, rows) for topic, rows in by_topic.items() if rows])


def read_expected():
    if not EXPECTED.exists():
        return {}
    with open(EXPECTED, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return {(test, client): reason for test, client, reason in rows}


def worst(passes):
    """Of several passes what did not go well, and why."""
    failed = {}
    for outcomes in passes.values():
        for test, row in outcomes.items():
            if row["outcome"] != "passed":
                failed.setdefault(test, row["why"])
    return failed


def judge(failed, ran):
    expected = {test: reason for (test, client), reason in read_expected().items() if client in ("all", CLIENT)}
    surprises = [f"{test} does not pass: {why}" for test, why in sorted(failed.items()) if test not in expected]
    surprises += [f"{test} passes, but is listed: {reason}" for test, reason in sorted(expected.items())
                  if test in ran and test not in failed]
    print(f"\n{len(failed)} of {len(ran)} tests do not pass; {len(surprises)} of all are not as listed")
    for surprise in surprises:
        print("  " + surprise)
    return not surprises


def update(failed, ran):
    expected = read_expected()
    other = "old" if CLIENT == "new" else "new"
    for test in ran:
        both = expected.pop((test, "all"), None)
        of_other = expected.pop((test, other), both)
        of_this = expected.pop((test, CLIENT), both) or of_other
        if test in failed:
            reason = of_this or failed[test]
            if of_other is None:
                expected[test, CLIENT] = reason
            elif of_other == reason:
                expected[test, "all"] = reason
            else:
                expected[test, CLIENT], expected[test, other] = reason, of_other
        elif of_other is not None:
            expected[test, other] = of_other
    with open(EXPECTED, "w", encoding="utf-8") as file:
        file.write(HEADER)
        for (test, client), reason in sorted(expected.items()):
            file.write(f"{test}\t{client}\t{reason}\n")
    print(f"\n{EXPECTED} lists {len(expected)} tests")


def main():
    if not os.path.isdir(os.path.join(os.environ.get("S3TESTS_DIR", ""), "s3tests", "functional")):
        stop("S3TESTS_DIR must name a work tree of ceph/s3-tests")
    out = pathlib.Path(os.environ.get("OUT") or tempfile.mkdtemp(prefix="s3tests-")).resolve()
    out.mkdir(parents=True, exist_ok=True)
    print(f"logs and outcomes: {shlex.quote(str(out))}", flush=True)
    passes = {}
    if os.environ.get("S3TESTS_CONF"):
        passes["server"] = suite(os.environ["S3TESTS_CONF"], out, "server")
    else:
        with Server(out) as server:
            for scheme in os.environ.get("SCHEMES", "http https").split():
                passes[scheme] = suite(server.conf(scheme), out, scheme, server.data / "cert.pem")
    for name, outcomes in passes.items():
        totals(name, outcomes)
    failed, ran = worst(passes), set().union(*passes.values())
    if sys.argv[1:] == ["--update"]:
        update(failed, ran)
    elif not judge(failed, ran):
        sys.exit(1)


if __name__ == "__main__":
    main()
