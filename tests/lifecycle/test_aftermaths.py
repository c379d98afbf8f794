"""What a failed run says of the state that it leaves, where that depends on the moment of the failure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sec_local.faults import Fault
from support.small_stack import client, small_config
from support.tool import Tool, run

READERS = "edge-prod-b001-group-sta-readers"


def failure_of(tool: Tool, action: str) -> dict[str, str]:
    """Why the run did not end well, as its JSON has it."""
    failure: dict[str, str] = run(tool, action, "--force", "--output", "json").document["failure"]
    return failure


@pytest.fixture
def deployed(tool: Tool) -> Tool:
    """A stack, with a member in one of its groups."""
    assert run(tool, "deploy", "--force").code == 0
    client("iam").create_user(UserName="anna")
    client("iam").add_user_to_group(GroupName=READERS, UserName="anna")
    return tool


def refuse_deletion(local_aws: Any) -> None:
    local_aws.faults.add(
        Fault("error", service="cloudformation", operation="DeleteStack", times=0, code="AccessDenied", status=403)
    )


def fail_deletion(local_aws: Any) -> None:
    local_aws.faults.add(Fault("resource", operation="delete", resource="GroupReaders", message="In use"))


# --- delete-stack -------------------------------------------------------------------------------------


def test_members_that_are_back_are_told(local_aws: Any, deployed: Tool) -> None:
    refuse_deletion(local_aws)
    failure = failure_of(deployed, "delete-stack")
    assert failure["id"] == "permission-lacking"
    assert failure["message"].endswith("DeleteStack. Members put back into their groups: 1.")


def test_members_that_are_out_are_told_with_the_reason_and_the_way_back(local_aws: Any, deployed: Tool) -> None:
    refuse_deletion(local_aws)
    local_aws.faults.add(Fault("expired-token", service="iam", operation="AddUserToGroup", times=0))
    failure = failure_of(deployed, "delete-stack")
    assert "Members are still out of their groups: The AWS credentials have expired." in failure["message"]
    assert "restore-members" in failure["message"]
    local_aws.faults.clear()
    assert run(deployed, "restore-members", "--force").code == 0


def test_a_failed_deletion_is_told_also_where_the_credentials_have_expired_since(
    local_aws: Any, deployed: Tool
) -> None:
    fail_deletion(local_aws)
    local_aws.faults.add(Fault("expired-token", service="iam", operation="AddUserToGroup", times=0))
    failure = failure_of(deployed, "delete-stack")
    assert failure["id"] == "credentials-expired"
    assert "Before that the deletion failed: GroupReaders" in failure["message"]
    assert "DELETE_FAILED" in failure["message"]
    assert "restore-members" in failure["hint"]


def test_who_can_not_come_back_after_a_failed_deletion_is_named(local_aws: Any, deployed: Tool) -> None:
    fail_deletion(local_aws)
    local_aws.faults.add(Fault("error", service="iam", operation="AddUserToGroup", code="LimitExceeded", status=409))
    failure = failure_of(deployed, "delete-stack")
    assert failure["id"] == "stack-failed"
    assert f"anna into {READERS}: the user is in as many groups as IAM allows" in failure["message"]


# --- deploy -------------------------------------------------------------------------------------------


def test_drift_that_was_set_back_is_told_where_the_update_does_not_begin(
    local_aws: Any, deployed: Tool, account_id: str
) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:*", "Resource": "*"}]}
    client("iam").put_group_policy(GroupName=READERS, PolicyName="more", PolicyDocument=json.dumps(document))
    deployed.write_config(small_config(account_id, groups=("readers", "writers")))
    local_aws.faults.add(
        Fault(
            "error", service="cloudformation", operation="ExecuteChangeSet", code="InvalidChangeSetStatus", status=400
        )
    )
    failure = failure_of(deployed, "deploy")
    assert failure["id"] == "overtaken"
    assert "The change was not executed. Set back before that: " in failure["message"]
    assert READERS in failure["message"]


def test_what_came_before_the_change_set_is_told_where_that_fails(local_aws: Any, tool: Tool) -> None:
    local_aws.faults.add(Fault("resource", operation="create", resource="RoleWorker", message="No more roles"))
    assert failure_of(tool, "deploy")["hint"] == "Mend the cause and run deploy again."
    local_aws.faults.clear()
    local_aws.faults.add(
        Fault(
            "error", "cloudformation", "CreateChangeSet", times=0, code="InsufficientCapabilitiesException", status=400
        )
    )
    failure = failure_of(tool, "deploy")
    assert failure["id"] == "aws-refuses"
    assert "Done before that: delete the empty stack that a failed creation left." in failure["message"]


def test_what_fails_after_the_update_says_that_it_is_through(local_aws: Any, tool: Tool, account_id: str) -> None:
    tool.write_config(small_config(account_id, deployment="termination_protection: true"))
    local_aws.faults.add(Fault("expired-token", "cloudformation", "UpdateTerminationProtection", times=0))
    failure = failure_of(tool, "deploy")
    assert failure["message"] == "The AWS credentials have expired. CloudFormation has done its part."
    local_aws.faults.clear()
    assert run(tool, "deploy", "--force").code == 0


def test_a_rollback_that_is_lost_sight_of_goes_on(local_aws: Any, tool: Tool) -> None:
    local_aws.faults.add(Fault("resource", operation="create", resource="RoleWorker", message="No more roles"))
    assert failure_of(tool, "deploy")["id"] == "stack-failed"
    local_aws.faults.clear()
    local_aws.faults.add(Fault("expired-token", "cloudformation", "DescribeStackEvents", nth=2, times=0))
    assert "CloudFormation goes on by itself" in failure_of(tool, "deploy")["message"]
    local_aws.faults.clear()
    assert run(tool, "deploy", "--force", "--wait").code == 0
