#!/usr/bin/python3
"""Runs test/s3api of openstack/swift, from a work tree of it, against a server, and compares the outcome with expected.tsv.

    SWIFT_DIR     a work tree of openstack/swift (the list was made at d57c078e)
    BOTO_PATH     a folder with boto3, botocore and s3transfer to use in place of the system's: the newer client
    S3API_CONF    a configuration of the suite, to test a server that runs already; otherwise the development server is
                  started, with local keys
    KEYWORD       an expression for pytest -k; what it leaves out is not judged
    OUT           a folder for logs and outcomes; a new one below the system's if not set

--update writes expected.tsv anew from this run, as the runner of ceph/s3-tests does.

The suite imports Swift's own code, which on Debian needs python3-eventlet, python3-netifaces, python3-pyeclib,
python3-requests and python3-xattr. Exit status: 0 all as expected, 1 not so, 2 not run.
"""
import configparser
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "s3tests"))
import run as s3tests  # noqa: E402

s3tests.EXPECTED = HERE / "expected.tsv"
s3tests.HEADER = """\
# Tests of openstack/swift's test/s3api that do not pass, and why: test TAB client TAB reason. The client is old (Debian
# 12's boto3), new (1.42) or all. A test of this list that passes is an error too. Written by run.py --update.
"""


def write_conf(server):
    conf = configparser.RawConfigParser()
    conf["s3api_test"] = {"endpoint": f"http://localhost:{server.ports['http']}", "region": "us-east-1",
                          "s3_acl_tests_enabled": "true"}
    for number, name in enumerate(("main", "alt", "tenant"), 1):
        access, secret = server.keys[name]
        conf["s3api_test"].update({f"access_key{number}": access, f"secret_key{number}": secret})
    path = server.out / "s3api.conf"
    with open(path, "w", encoding="utf-8") as file:
        conf.write(file)
    return path


def suite(conf, out):
    """One pass of the suite: outcome by test."""
    report = out / "s3api.xml"
    environment = {variable: value for variable, value in os.environ.items() if not variable.startswith("AWS_")}
    environment.update(
        SWIFT_TEST_CONFIG_FILE=str(conf), PYTHONDONTWRITEBYTECODE="1", NO_PROXY="*", AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null",
        # A tree without its history does not know its version, and pbr asks for one.
        PBR_VERSION=os.environ.get("PBR_VERSION", "2.38.0"), PYTHONPATH=os.environ.get("BOTO_PATH", ""))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short", f"--junitxml={report}"]
    if os.environ.get("KEYWORD"):
        command += ["-k", os.environ["KEYWORD"]]
    with open(out / "s3api.log", "wb") as log:
        subprocess.run(command + ["test/s3api"], cwd=os.environ["SWIFT_DIR"], env=environment, stdout=log,
                       stderr=subprocess.STDOUT, check=False)
    if not report.exists():
        s3tests.stop(f"pytest ran no test: see {out}/s3api.log")
    return dict(map(outcome, ElementTree.parse(report).getroot().iter("testcase")))


def outcome(case):
    module, _, name = case.get("classname").rpartition(".")
    test = f"{module.rpartition('.')[2]}.py::{name}::{case.get('name')}"
    for word, found in (("failed", "failure"), ("failed", "error"), ("skipped", "skipped")):
        element = case.find(found)
        if element is not None:
            return test, {"outcome": word, "why": " ".join((element.get("message") or "").split())[:200]}
    return test, {"outcome": "passed", "why": ""}


def main():
    if not os.path.isdir(os.path.join(os.environ.get("SWIFT_DIR", ""), "test", "s3api")):
        s3tests.stop("SWIFT_DIR must name a work tree of openstack/swift")
    out = pathlib.Path(os.environ.get("OUT") or tempfile.mkdtemp(prefix="s3api-")).resolve()
    out.mkdir(parents=True, exist_ok=True)
    print(f"logs and outcomes: {shlex.quote(str(out))}", flush=True)
    if os.environ.get("S3API_CONF"):
        outcomes = suite(os.environ["S3API_CONF"], out)
    else:
        with s3tests.Server(out) as server:
            outcomes = suite(write_conf(server), out)
    files = {}
    for test, row in outcomes.items():
        files.setdefault(test.partition("::")[0], []).append(row)
    s3tests.table(f"swift test/s3api, {s3tests.CLIENT} client", [("all", list(outcomes.values()))])
    s3tests.table("file", sorted(files.items()))
    failed = {test: row["why"] for test, row in outcomes.items() if row["outcome"] != "passed"}
    if sys.argv[1:] == ["--update"]:
        s3tests.update(failed, set(outcomes))
    elif not s3tests.judge(failed, set(outcomes)):
        sys.exit(1)


main()
