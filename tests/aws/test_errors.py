"""Whatever botocore raises comes out as one message with a mend."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

import sec_provisioner.aws
from sec_provisioner.aws.errors import explain, explained
from sec_provisioner.errors import AwsError, ExitCode

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "aws" / "errors.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_answer_of_aws_is_explained(case: dict[str, Any]) -> None:
    answer: Any = {
        "Error": {"Code": case["code"], "Message": case["text"]},
        "ResponseMetadata": {"HTTPStatusCode": case.get("status", 400)},
    }
    error = explain(ClientError(answer, case["operation"]), "read the stack")
    assert case["says"] in error.message
    assert case["mend"] in error.hint
    assert error.code == case["code"]
    assert error.exit_code is ExitCode.FAILED


@pytest.mark.parametrize(
    ("error", "says", "mend"),
    [
        (boto.NoCredentialsError(), "no AWS credentials", "--profile"),
        (boto.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"), "incomplete", "AWS_SECRET"),
        (boto.ProfileNotFound(profile="prod"), "(prod) could not be found", "list-profiles"),
        (boto.UnauthorizedSSOTokenError(), "SSO session has expired", "aws sso login"),
        (boto.SSOTokenLoadError(error_msg="no token"), "SSO session has expired", "read-only"),
        (boto.TokenRetrievalError(provider="sso", error_msg="refresh"), "can't be renewed", "aws sso login"),
        (boto.LoginRefreshRequired(), "login session", "aws login"),
        (boto.RefreshWithMFAUnsupportedError(), "MFA code", "new code"),
        (boto.CredentialRetrievalError(provider="process", error_msg="exit 1"), "can't be fetched", "process"),
        (boto.MetadataRetrievalError(error_msg="timeout"), "can't be fetched", "instance role"),
        (boto.ConfigParseError(path="config"), "config", "AWS_CONFIG_FILE"),
        (boto.InfiniteLoopConfigError(source_profile="a", visited_profiles=["a"]), "not valid", "~/.aws/config"),
        (boto.EndpointConnectionError(endpoint_url="http://x"), "http://x", "--endpoint-url"),
        (boto.ConnectTimeoutError(endpoint_url="http://x"), "http://x", "network"),
        (boto.ReadTimeoutError(endpoint_url="http://x"), "broke off", "Run again"),
        (boto.ConnectionClosedError(endpoint_url="http://x"), "broke off", "Run again"),
        (boto.SSLError(endpoint_url="http://x", error=ValueError("self-signed")), "certificate", "AWS_CA_BUNDLE"),
        (boto.ProxyConnectionError(proxy_url="http://p"), "proxy", "HTTPS_PROXY"),
        (boto.InvalidRegionError(region_name="us west"), "us west", "environment.region"),
        (boto.UnknownServiceError(service_name="x", known_service_names="y"), "x", "log"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BotoCoreError) else "",
)
def test_what_goes_wrong_on_the_way_is_explained(error: BotoCoreError, says: str, mend: str) -> None:
    told = explain(error, "read the stack")
    assert says in told.message
    assert mend in told.hint
    assert "Error(" not in told.message
    assert told.message.endswith((".", ")"))


def test_every_kind_of_botocore_failure_becomes_a_message() -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(boto, inspect.isclass)
        if issubclass(kind, BotoCoreError) and kind is not BotoCoreError
    ]
    assert len(kinds) > 50
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, "something")
        assert isinstance(explain(error, "try"), AwsError)


def test_a_wrapped_function_raises_nothing_of_botocore() -> None:
    @explained("look")
    def look() -> None:
        raise boto.NoCredentialsError

    with pytest.raises(AwsError) as caught:
        look()
    assert isinstance(caught.value.__cause__, boto.NoCredentialsError)


def test_every_public_function_that_is_given_the_connection_is_wrapped() -> None:
    found = []
    for module in pkgutil.iter_modules(sec_provisioner.aws.__path__):
        loaded = importlib.import_module(f"sec_provisioner.aws.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and "aws" in inspect.signature(function).parameters:
                found.append((f"{module.name}.{name}", hasattr(function, "doing")))
    assert len(found) > 20
    assert [name for name, is_wrapped in found if not is_wrapped] == []
