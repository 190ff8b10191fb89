"""A plug-in for pytest: writes down what became of each test, one line of JSON for each."""
import configparser
import json
import os

_rows = {}


def pytest_configure(config):
    """Where awscrt is installed, botocore signs through it, and it refuses the empty region of the suite's IAM clients."""
    from botocore import auth

    auth.AUTH_TYPE_MAPS.update({"v4": auth.SigV4Auth, "v4-query": auth.SigV4QueryAuth, "s3v4": auth.S3SigV4Auth,
                                "s3v4-query": auth.S3SigV4QueryAuth})


def pytest_runtest_logreport(report):
    row = _rows.setdefault(report.nodeid, {"outcome": "passed", "why": ""})
    if report.outcome != "passed" and report.when != "teardown" and row["outcome"] == "passed":
        row.update(outcome=report.outcome, why=_why(report))
    if report.when != "call" and report.outcome == "failed":
        _leave_buckets_behind()
    if report.when == "teardown":
        with open(os.environ["S3TESTS_OUTCOMES"], "a", encoding="utf-8") as out:
            test = report.nodeid.rpartition("/")[2]
            out.write(json.dumps(dict(_rows.pop(report.nodeid), test=test, markers=sorted(report.keywords))) + "\n")


def _why(report):
    if isinstance(report.longrepr, tuple):
        return " ".join(report.longrepr[2].split())
    crash = getattr(report.longrepr, "reprcrash", None)
    return " ".join((crash.message if crash else str(report.longrepr)).split())[:200]


def _leave_buckets_behind():
    """The suite deletes all buckets of its prefix before each test; one that will not go would fail all the others."""
    import s3tests.functional as suite

    conf = configparser.RawConfigParser()
    conf.read(os.environ["S3TEST_CONF"])
    suite.prefix = suite.choose_bucket_prefix(template=conf.get("fixtures", "bucket prefix"))
