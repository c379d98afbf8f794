"""Change sets as AWS describes them, by botocore's Stubber: pages, missing values, missing reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.session import Session
from botocore.stub import Stubber

from sec_provisioner.aws import change_sets
from sec_provisioner.aws import stack as stacks
from sec_provisioner.aws.session import Aws
from sec_provisioner.errors import AwsError, RefusedError
from sec_provisioner.live.change_set import ChangeSet

ID = "arn:aws:cloudformation:us-west-1:123456789012:changeSet/sec-provisioner-1/1"
STACK = "arn:aws:cloudformation:us-west-1:123456789012:stack/edge/1"


@pytest.fixture
def aws(clean: None) -> Aws:
    session = Session()
    session.set_credentials("AKIAEXAMPLE", "secret")
    return Aws(session, "us-west-1")


@pytest.fixture
def stub(aws: Aws) -> Any:
    with Stubber(aws.cloudformation) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def page(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "ChangeSetId": ID,
        "ChangeSetName": "sec-provisioner-1",
        "StackId": STACK,
        "Status": "CREATE_COMPLETE",
        "ExecutionStatus": "AVAILABLE",
        "Changes": [{"Type": "Resource", "ResourceChange": one} for one in changes],
        **more,
    }


def modified(logical_id: str, *targets: dict[str, Any]) -> dict[str, Any]:
    return {
        "Action": "Modify",
        "LogicalResourceId": logical_id,
        "ResourceType": "AWS::IAM::Role",
        "Replacement": "False",
        "Details": [{"Target": {"Attribute": "Properties", **one}} for one in targets],
    }


SESSION = {"Name": "MaxSessionDuration", "Path": "/Properties/MaxSessionDuration"}


def test_all_pages_are_read_and_both_descriptions_are_merged(aws: Aws, stub: Stubber) -> None:
    valued = modified("RoleA", {**SESSION, "BeforeValue": "3600", "AfterValue": "7200"})
    # With values CloudFormation left out that the policies of RoleA change, and RoleB altogether.
    stub.add_response("describe_change_set", page(valued), {"ChangeSetName": ID, "IncludePropertyValues": True})
    plain = {"ChangeSetName": ID, "IncludePropertyValues": False}
    stub.add_response(
        "describe_change_set",
        page(modified("RoleA", {"Name": "MaxSessionDuration"}, {"Name": "Policies"}), NextToken="2"),
        plain,
    )
    stub.add_response("describe_change_set", page(modified("RoleB", {"Name": "Tags"})), {**plain, "NextToken": "2"})
    found = change_sets.fetch_change_set(aws, ID)
    assert [one.logical_id for one in found.changes] == ["RoleA", "RoleB"]
    first, second = found.changes[0].details
    assert (first.path, first.before, first.after) == ("MaxSessionDuration", "3600", "7200")
    assert (second.path, second.has_values) == ("Policies", False)


def test_a_reason_that_one_description_lacks_comes_from_the_other(aws: Aws, stub: Stubber) -> None:
    failed = {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE"}
    reason = "The submitted information didn't contain changes. Submit different information to create a change set."
    stub.add_response("describe_change_set", page(**failed))
    stub.add_response("describe_change_set", page(**failed, StatusReason=reason))
    found = change_sets.fetch_change_set(aws, ID)
    assert found.is_empty
    assert not found.can_be_executed


def test_a_change_set_that_failed_for_another_reason_is_not_empty(aws: Aws, stub: Stubber) -> None:
    for _ in range(2):
        stub.add_response("describe_change_set", page(Status="FAILED", StatusReason="Circular dependency"))
    assert not change_sets.fetch_change_set(aws, ID).is_empty


def test_a_change_set_that_is_gone_is_none(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("describe_change_set", "ChangeSetNotFound", "ChangeSet [x] does not exist", 404)
    assert change_sets.fetch_state(aws, ID) is None


def test_a_stack_that_is_gone_is_none_and_another_validation_failure_is_not(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("describe_stacks", "ValidationError", "Stack with id edge does not exist", 400)
    assert stacks.fetch_stack(aws, "edge") is None
    stub.add_client_error("describe_stacks", "ValidationError", "1 validation error detected", 400)
    with pytest.raises(AwsError, match="1 validation error"):
        stacks.fetch_stack(aws, "edge")


def test_whose_resource_a_name_is(aws: Aws, stub: Stubber) -> None:
    resource = {
        "StackName": "other",
        "LogicalResourceId": "G",
        "ResourceType": "AWS::IAM::Group",
        "Timestamp": datetime(2026, 1, 1, tzinfo=UTC),
        "ResourceStatus": "CREATE_COMPLETE",
    }
    stub.add_response("describe_stack_resources", {"StackResources": [resource]}, {"PhysicalResourceId": "readers"})
    assert stacks.fetch_owner(aws, "readers") == "other"
    stub.add_client_error("describe_stack_resources", "ValidationError", "Stack for readers does not exist", 400)
    assert stacks.fetch_owner(aws, "readers") is None


def test_a_change_set_that_can_not_be_executed_any_more_is_a_refusal(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("execute_change_set", "InvalidChangeSetStatus", "cannot be executed now", 400)
    with pytest.raises(RefusedError, match="somebody else"):
        change_sets.execute_change_set(aws, ID, "token")


def test_early_validation_is_told_where_it_can_be_read_and_no_failure_elsewhere(aws: Aws, stub: Stubber) -> None:
    found: Any = ChangeSet(ID, "sec-provisioner-1", STACK, "FAILED")
    event = {
        "EventType": "VALIDATION_ERROR",
        "LogicalResourceId": "RoleA",
        "ValidationPath": "/Resources/RoleA/Properties/Path",
        "ValidationStatusReason": "must begin with a slash",
    }
    stub.add_response("describe_events", {"OperationEvents": [event]}, {"ChangeSetName": ID})
    (told,) = change_sets.fetch_validation_errors(aws, found)
    assert told.startswith("RoleA /Resources/RoleA/Properties/Path: must begin")
    stub.add_client_error("describe_events", "AccessDenied", "no", 403)
    assert change_sets.fetch_validation_errors(aws, found) == ()


def test_events_are_read_back_to_the_known_one_and_turned_round(aws: Aws, stub: Stubber) -> None:
    def event(number: int) -> dict[str, Any]:
        return {
            "StackId": STACK,
            "EventId": str(number),
            "StackName": "edge",
            "LogicalResourceId": f"R{number}",
            "Timestamp": datetime(2026, 1, 1, 0, 0, number, tzinfo=UTC),
        }

    stub.add_response("describe_stack_events", {"StackEvents": [event(5), event(4)], "NextToken": "n"})
    stub.add_response("describe_stack_events", {"StackEvents": [event(3), event(2), event(1)]})
    assert [one.id for one in stacks.fetch_events(aws, STACK, after="2")] == ["3", "4", "5"]


def test_a_template_in_yaml_with_short_forms_is_read(aws: Aws, stub: Stubber) -> None:
    body = "Resources:\n  G:\n    Type: AWS::IAM::Group\n    Properties: {GroupName: !Sub '${A}-x', P: !GetAtt R.Arn}\n"
    stub.add_response("get_template", {"TemplateBody": body})
    properties = stacks.fetch_template(aws, "edge")["Resources"]["G"]["Properties"]
    assert properties == {"GroupName": {"Fn::Sub": "${A}-x"}, "P": {"Fn::GetAtt": ["R", "Arn"]}}
