"""Express mode is asked for with rollback, and given up only where it is the mode that is refused."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from botocore.session import Session
from botocore.stub import Stubber

from sec_provisioner.aws import change_sets
from sec_provisioner.aws.express import call_in_express
from sec_provisioner.aws.session import Aws
from sec_provisioner.errors import AwsError

ID = "arn:aws:cloudformation:us-west-1:123456789012:changeSet/one/1"
EXPRESS = {"Mode": "EXPRESS", "DisableRollback": False}


def refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateChangeSet")


class Endpoint:
    """An operation that refuses what has the parameter, with the error it is given."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.calls: list[dict[str, Any]] = []

    def __call__(self, **arguments: Any) -> str:
        self.calls.append(arguments)
        if self.error and "DeploymentConfig" in arguments:
            raise self.error
        return "done"


def test_rollback_is_stated() -> None:
    endpoint = Endpoint(None)
    assert call_in_express(endpoint, {"StackName": "edge"}) == "done"
    assert endpoint.calls == [{"StackName": "edge", "DeploymentConfig": EXPRESS}]


# Of the first, AWS's own words for a parameter that an endpoint does not know:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
@pytest.mark.parametrize(
    "error",
    [
        refusal("ValidationError", "Unknown parameter in input: DeploymentConfig"),
        refusal("ValidationError", "Express mode is not supported in this region."),
        refusal("ValidationException", "1 validation error detected: 'EXPRESS' at 'deploymentConfig.mode' failed"),
        refusal("InvalidParameterValue", "Deployment config is not available."),
        refusal("UnsupportedOperationException", "EXPRESS is not available in this partition."),
        ParamValidationError(report='Unknown parameter in input: "DeploymentConfig", must be one of: StackName'),
    ],
    ids=lambda one: str(one)[-40:],
)
def test_where_the_mode_is_refused_the_call_is_made_without_it(error: Exception) -> None:
    endpoint = Endpoint(error)
    assert call_in_express(endpoint, {"StackName": "edge"}) == "done"
    assert endpoint.calls[-1] == {"StackName": "edge"}


@pytest.mark.parametrize(
    "error",
    [
        refusal("ValidationError", "Template format error: unsupported structure."),
        refusal("AccessDenied", "not authorized to use express mode"),
        refusal("Throttling", "Rate exceeded"),
        ParamValidationError(report="Invalid length for parameter StackName, value: 0, valid min length: 1"),
    ],
    ids=lambda one: str(one)[-40:],
)
def test_any_other_refusal_stands(error: Exception) -> None:
    endpoint = Endpoint(error)
    with pytest.raises(type(error)):
        call_in_express(endpoint, {"StackName": "edge"})
    assert len(endpoint.calls) == 1


# --- as the adapter sends it ------------------------------------------------------------------------


@pytest.fixture
def aws(clean: None) -> Aws:
    session = Session()
    session.set_credentials("AKIAEXAMPLE", "secret")
    return Aws(session, "us-west-1")


def request(*, express: bool) -> change_sets.ChangeSetRequest:
    return change_sets.ChangeSetRequest("edge", "one", "CREATE", "t", "by", body="{}", express=express)


def expected(**more: Any) -> dict[str, Any]:
    return {
        "StackName": "edge",
        "ChangeSetName": "one",
        "ChangeSetType": "CREATE",
        "ClientToken": "t",
        "Description": "by",
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": [],
        "TemplateBody": "{}",
        **more,
    }


@pytest.mark.parametrize(("express", "more"), [(True, {"DeploymentConfig": EXPRESS}), (False, {})])
def test_a_change_set_is_made_in_the_mode_that_was_asked_for(aws: Aws, express: bool, more: dict[str, Any]) -> None:
    with Stubber(aws.cloudformation) as stub:
        stub.add_response("create_change_set", {"Id": ID, "StackId": "s"}, expected(**more))
        assert change_sets.create_change_set(aws, request(express=express)) == ID


def test_a_change_set_is_made_in_the_standard_mode_where_express_is_refused(aws: Aws) -> None:
    with Stubber(aws.cloudformation) as stub:
        stub.add_client_error("create_change_set", "ValidationError", "Unknown parameter in input: DeploymentConfig")
        stub.add_response("create_change_set", {"Id": ID, "StackId": "s"}, expected())
        assert change_sets.create_change_set(aws, request(express=True)) == ID


def test_what_is_refused_in_both_modes_is_an_error(aws: Aws) -> None:
    with Stubber(aws.cloudformation) as stub:
        stub.add_client_error("create_change_set", "ValidationError", "Stack [express-prod] does not exist")
        stub.add_client_error("create_change_set", "ValidationError", "Stack [express-prod] does not exist")
        with pytest.raises(AwsError, match="does not exist"):
            change_sets.create_change_set(aws, request(express=True))


@pytest.mark.parametrize(
    ("config", "is_express"),
    [
        ({"DeploymentConfig": {"Mode": "EXPRESS"}}, True),
        ({"DeploymentConfig": {"Mode": "STANDARD"}}, False),
        ({}, False),
    ],
)
def test_the_mode_is_the_one_that_the_change_set_tells(aws: Aws, config: dict[str, Any], is_express: bool) -> None:
    with Stubber(aws.cloudformation) as stub:
        answer = {"ChangeSetId": ID, "ChangeSetName": "one", "Status": "CREATE_COMPLETE", **config}
        stub.add_response("describe_change_set", answer, {"ChangeSetName": ID})
        made = change_sets.fetch_state(aws, ID)
    assert made is not None
    assert made.is_express is is_express
