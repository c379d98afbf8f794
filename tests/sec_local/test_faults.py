"""Faults: each strikes at the call that was asked for, in process and over HTTP."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from sec_local.faults import Fault
from support.local_aws import LocalAccount, ServerControl, start_server
from support.stack_samples import NAMED, Stacks, group, parameter, role, template

if TYPE_CHECKING:
    from pathlib import Path

API = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference"


@pytest.mark.parametrize(
    ("kind", "service", "code"),
    [
        ("throttle", "iam", "Throttling"),
        ("error", "cloudformation", "InternalFailure"),
        ("expired-token", "sts", "ExpiredToken"),
        ("throttle", "ssm", "ThrottlingException"),
        ("throttle", "s3", "SlowDown"),
    ],
)
def test_the_nth_call_of_an_operation_fails(aws: LocalAccount, faults: Any, kind: str, service: str, code: str) -> None:
    operation, call = {
        "iam": ("ListRoles", aws.client("iam").list_roles),
        "cloudformation": ("DescribeStacks", aws.client("cloudformation").describe_stacks),
        "sts": ("GetCallerIdentity", aws.client("sts").get_caller_identity),
        "ssm": ("DescribeParameters", aws.client("ssm").describe_parameters),
        "s3": ("ListBuckets", aws.client("s3").list_buckets),
    }[service]
    faults.add(kind=kind, service=service, operation=operation, nth=2)
    call()
    with pytest.raises(ClientError) as error:
        call()
    assert error.value.response["Error"]["Code"] == code
    call()


def test_a_retry_gets_past_a_throttle(aws: LocalAccount, faults: Any) -> None:
    faults.add(kind="throttle", service="iam", operation="ListRoles", times=2)
    client = aws.session().client("iam", endpoint_url=aws.url)
    answer = client.list_roles()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


@pytest.mark.parametrize("after", [False, True], ids=["before it had an effect", "after it had one"])
def test_a_dropped_connection_has_or_has_not_had_its_effect(aws: LocalAccount, faults: Any, *, after: bool) -> None:
    faults.add(kind="drop", service="iam", operation="CreateGroup", after=after)
    with pytest.raises(ConnectionClosedError):
        aws.client("iam").create_group(GroupName="g")
    assert bool(aws.client("iam").list_groups()["Groups"]) == after


def test_a_delay_takes_its_time(aws: LocalAccount, faults: Any) -> None:
    faults.add(kind="delay", service="iam", operation="ListRoles", seconds=0.3)
    started = time.monotonic()
    aws.client("iam").list_roles()
    assert time.monotonic() - started >= 0.3


def test_a_resource_fails_inside_its_stack(stacks: Stacks, faults: Any) -> None:
    faults.add(kind="resource", service="AWS::IAM::Role", operation="create", message="out of luck")
    assert stacks.create(template(Group=group(), Role=role())) == "ROLLBACK_COMPLETE"
    assert stacks.reasons("CREATE_FAILED") == ["out of luck"]
    assert stacks.delete() == "DELETE_COMPLETE"
    assert stacks.create(template(Group=group(), Role=role())) == "CREATE_COMPLETE"


def test_faults_in_process(local_aws: Any) -> None:
    iam = boto3.Session().client("iam")
    local_aws.faults.add(Fault("error", "iam", "ListRoles", code="ServiceFailure", status=503, times=0))
    with pytest.raises(ClientError, match="ServiceFailure"):
        iam.list_roles()
    local_aws.faults.clear()
    local_aws.faults.add(Fault("drop", "iam", "CreateGroup"))
    iam.create_group(GroupName="retried")
    assert [one["GroupName"] for one in iam.list_groups()["Groups"]] == ["retried"]


def test_a_killed_server_comes_back_with_what_was_saved(tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    server = start_server(tmp_path, state_dir=state_dir)
    account = LocalAccount(server.url, "123456789012", "us-west-1", {})
    account.client("iam").create_group(GroupName="kept")
    server.stop()
    server.process.communicate()
    server = start_server(tmp_path, state_dir=state_dir)
    account = LocalAccount(server.url, "123456789012", "us-west-1", {})
    ServerControl(server.url).add(kind="kill", service="iam", operation="CreateGroup")
    with pytest.raises(ConnectionClosedError):
        account.client("iam").create_group(GroupName="lost")
    assert server.process.wait(10) == -9
    server.process.communicate()
    server = start_server(tmp_path, state_dir=state_dir)
    account = LocalAccount(server.url, "123456789012", "us-west-1", {})
    assert [one["GroupName"] for one in account.client("iam").list_groups()["Groups"]] == ["kept"]
    server.stop()
    server.process.communicate()


def test_with_a_delay_events_come_one_after_another(stacks: Stacks, faults: Any) -> None:
    faults.settings(delay=0.15)
    body = template(Group=group(), Role={**role(), "DependsOn": "Group"})
    stacks.api.create_stack(StackName="stack", TemplateBody=body, Capabilities=NAMED)
    assert stacks.one()["StackStatus"] == "CREATE_IN_PROGRESS"
    seen: list[int] = []
    while stacks.one()["StackStatus"] == "CREATE_IN_PROGRESS":
        seen.append(len(stacks.events()))
        time.sleep(0.03)
    assert len(set(seen)) >= 2
    assert seen == sorted(seen)
    assert stacks.one()["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.events()[-1] == ("stack", "CREATE_COMPLETE")


@pytest.mark.aws(f"{API}/API_CancelUpdateStack.html", behaviour="an update that was cancelled is taken back")
def test_with_a_delay_an_update_can_be_cancelled(stacks: Stacks, faults: Any) -> None:
    stacks.create(template(Group=group(), P=parameter()))
    faults.settings(delay=0.15)
    body = template(Group=group(Path="/x/"), P={**parameter(value="2"), "DependsOn": "Group"})
    stacks.api.update_stack(StackName="stack", TemplateBody=body, Capabilities=NAMED)
    with pytest.raises(ClientError, match="UPDATE_IN_PROGRESS"):
        stacks.update(template(Group=group()))
    stacks.api.cancel_update_stack(StackName="stack")
    assert stacks.settled() == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.aws(f"{API}/API_CancelUpdateStack.html", behaviour="so is one that is at its last resource")
@pytest.mark.parametrize(
    ("last", "reason"),
    [({"P": parameter(value="2")}, "Resource update cancelled"),
     ({"P": parameter(), "Q": parameter("/app/new")}, "Resource creation cancelled")],
    ids=["changed", "made"],
)  # fmt: skip
def test_with_a_delay_the_last_change_can_be_cancelled(
    stacks: Stacks, faults: Any, aws: LocalAccount, last: dict[str, Any], reason: str
) -> None:
    stacks.create(template(P=parameter()))
    before = aws.client("ssm").describe_parameters()["Parameters"]
    faults.settings(delay=0.15)
    stacks.api.update_stack(StackName="stack", TemplateBody=template(**last))
    stacks.api.cancel_update_stack(StackName="stack")
    assert stacks.settled() == "UPDATE_ROLLBACK_COMPLETE"
    assert reason in "".join(stacks.reasons("UPDATE_FAILED") + stacks.reasons("CREATE_FAILED"))
    after = aws.client("ssm").describe_parameters()["Parameters"]
    assert [(one["Name"], one["Version"]) for one in after] == [(one["Name"], one["Version"]) for one in before]


def test_with_a_delay_a_change_set_and_a_detection_take_their_time(stacks: Stacks, faults: Any) -> None:
    stacks.create(template(P=parameter()))
    faults.settings(delay=0.3)
    made = stacks.change_set(template(P=parameter(value="2")))
    assert (made["Status"], made["ExecutionStatus"], made["Changes"]) == ("CREATE_IN_PROGRESS", "UNAVAILABLE", [])
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        stacks.api.execute_change_set(StackName="stack", ChangeSetName="change")
    detection = stacks.api.detect_stack_drift(StackName="stack")["StackDriftDetectionId"]
    describe = stacks.api.describe_stack_drift_detection_status
    assert describe(StackDriftDetectionId=detection)["DetectionStatus"] == "DETECTION_IN_PROGRESS"
    stacks.api.get_waiter("change_set_create_complete").wait(
        StackName="stack", ChangeSetName="change", WaiterConfig={"Delay": 1, "MaxAttempts": 3}
    )
    assert describe(StackDriftDetectionId=detection)["DetectionStatus"] == "DETECTION_COMPLETE"


@pytest.mark.aws(f"{API}/API_DeleteStack.html", behaviour="a stack that is still being made is deleted whole")
def test_with_a_delay_a_stack_is_deleted_while_it_is_made(stacks: Stacks, aws: LocalAccount, faults: Any) -> None:
    faults.settings(delay=0.2)
    body = template(
        A=parameter("/one"), B={**parameter("/two"), "DependsOn": "A"}, C={**parameter("/x"), "DependsOn": "B"}
    )
    stack_id = stacks.api.create_stack(StackName="stack", TemplateBody=body)["StackId"]
    stacks.api.delete_stack(StackName="stack")
    assert stacks.one(stack_id)["StackStatus"] == "DELETE_IN_PROGRESS"
    assert stacks.settled(stack_id) == "DELETE_COMPLETE"
    assert aws.client("ssm").describe_parameters()["Parameters"] == []
    assert "C" not in {name for name, _ in stacks.events(stack_id)}


@pytest.mark.aws(f"{API}/API_DeleteStack.html", behaviour="a stack that is being updated is not deleted")
def test_with_a_delay_a_stack_is_not_deleted_while_it_is_updated(stacks: Stacks, faults: Any) -> None:
    stacks.create(template(A=parameter()))
    faults.settings(delay=0.2)
    stacks.api.update_stack(StackName="stack", TemplateBody=template(A=parameter(value="2")))
    with pytest.raises(ClientError, match="UPDATE_IN_PROGRESS"):
        stacks.api.delete_stack(StackName="stack")
    assert stacks.settled() == "UPDATE_COMPLETE"


@pytest.mark.parametrize(
    ("what", "values", "said"),
    [
        ("add", {"kind": "storm"}, "no fault of the kind storm"),
        ("add", {"kind": "drop", "servise": "iam"}, "a fault has no servise"),
        ("settings", {"delays": 1}, "the local AWS has no delays"),
        ("settings", {"quotas": {"PoliciesPerRoles": 20}}, "IAM has no PoliciesPerRoles"),
    ],
)
def test_what_can_not_be_set_is_refused(faults: Any, what: str, values: dict[str, Any], said: str) -> None:
    with pytest.raises(HTTPError) as refusal:
        getattr(faults, what)(**values)
    with refusal.value as answer:
        assert answer.status == 400
        assert said in json.loads(answer.read())["message"]
    assert faults.listed() == []
