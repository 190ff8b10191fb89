"""A plug-in for pytest: answers in the place of Amazon's IAM whose keys those of [iam root] and [iam alt root] are.

The server has no IAM: accounts are projects of Keystone. The tests of topics ask IAM only for the name of an account, and
delete the users, groups and roles that they find in it. All other calls of IAM reach the server, which refuses them.
"""
import configparser
import os
import types

from s3tests import functional as suite

_NONE = {"ListUsers": {"Users": []}, "ListGroups": {"Groups": []}, "ListRoles": {"Roles": []},
         "ListOpenIDConnectProviders": {"OpenIDConnectProviderList": []}}


def pytest_configure(config):
    conf = configparser.RawConfigParser()
    conf.read(os.environ["S3TEST_CONF"])
    suite.get_iam_root_client = _answering(suite.get_iam_root_client, conf.get("iam root", "user_id"))
    suite.get_iam_alt_root_client = _answering(suite.get_iam_alt_root_client, conf.get("iam alt root", "user_id"))


def _answering(make_client, account):
    answers = {**_NONE, "GetUser": {"User": {"Arn": f"arn:aws:iam::{account}:root"}}}

    def answer(model, **unused):
        known = answers.get(model.name)
        return known and (types.SimpleNamespace(status_code=200), dict(known))

    def make(**settings):
        client = make_client(**settings)
        if client.meta.service_model.service_name == "iam":
            client.meta.events.register("before-call.iam", answer)
        return client

    return make
