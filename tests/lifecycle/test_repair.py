"""deploy sets back what was changed by hand: listed first, then done, and check-drift finds nothing any more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.small_stack import STEM, client, deploy, deployment_from, small_config
from support.tool import Ran, Tool, make_tool

CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
READERS = "edge-prod-b001-group-sta-readers"
WORKER = "edge-prod-b001-role-sta-worker"
FOREIGN = "arn:aws:iam::aws:policy/SecurityAudit"
BOUNDARY = "permissions_boundary: 'arn:aws:iam::aws:policy/PowerUserAccess'"


def document(action: str) -> str:
    statement = {"Sid": "ByHand", "Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def tool(tmp_path: Path, account_id: str) -> Tool:
    made = make_tool(tmp_path / "sec")
    made.write_config(small_config(account_id, deployment=BOUNDARY))
    return made


@pytest.fixture
def deployed(tool: Tool, account_id: str) -> Tool:
    deploy(deployment_from(small_config(account_id, deployment=BOUNDARY)))
    return tool


def run(tool: Tool, action: str, *flags: str) -> Ran:
    return tool(action, "--config", CONFIG, *flags)


def is_clean(tool: Tool) -> bool:
    return run(tool, "check-drift").code == 0


def restored(ran: Ran) -> list[tuple[str, str, str]]:
    """Name, property and kind of everything that is or would be set back."""
    return sorted(
        (one["name"], each["property"], each["kind"])
        for one in ran.document["result"]["restores"]
        for each in one["differences"]
    )


# --- edits by hand ------------------------------------------------------------------------------------


def delete_group() -> None:
    iam = client("iam")
    for one in iam.list_attached_group_policies(GroupName=READERS)["AttachedPolicies"]:
        iam.detach_group_policy(GroupName=READERS, PolicyArn=one["PolicyArn"])
    for name in iam.list_group_policies(GroupName=READERS)["PolicyNames"]:
        iam.delete_group_policy(GroupName=READERS, PolicyName=name)
    iam.delete_group(GroupName=READERS)


def delete_role() -> None:
    iam = client("iam")
    for one in iam.list_attached_role_policies(RoleName=WORKER)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=WORKER, PolicyArn=one["PolicyArn"])
    for name in iam.list_role_policies(RoleName=WORKER)["PolicyNames"]:
        iam.delete_role_policy(RoleName=WORKER, PolicyName=name)
    iam.delete_role(RoleName=WORKER)


def group_policies() -> list[str]:
    found = client("iam").list_attached_group_policies(GroupName=READERS)["AttachedPolicies"]
    return [str(one["PolicyArn"]) for one in found]


def delete_policy() -> None:
    iam = client("iam")
    (arn,) = group_policies()
    for one in iam.list_entities_for_policy(PolicyArn=arn)["PolicyGroups"]:
        iam.detach_group_policy(GroupName=one["GroupName"], PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)


def widen_policy() -> None:
    (arn,) = group_policies()
    client("iam").create_policy_version(PolicyArn=arn, PolicyDocument=document("s3:*"), SetAsDefault=True)


def fill_versions() -> None:
    for _ in range(4):
        widen_policy()


PARAMETER = f"/security/{STEM}/group-readers"
POLICY = "edge-prod-b001-policy-sta-s3-project-buckets-only"
EDITS: dict[str, tuple[Callable[[], Any], list[tuple[str, str, str]]]] = {
    "an inline policy added": (
        lambda: client("iam").put_group_policy(GroupName=READERS, PolicyName="more", PolicyDocument=document("sns:*")),
        [(READERS, "Policies[more]", "extra")],
    ),
    "an inline policy rewritten": (
        lambda: client("iam").put_group_policy(
            GroupName=READERS, PolicyName="permissions", PolicyDocument=document("sns:*")
        ),
        [(READERS, "Policies[permissions]", "changed")],
    ),
    "an inline policy removed": (
        lambda: client("iam").delete_group_policy(GroupName=READERS, PolicyName="permissions"),
        [(READERS, "Policies[permissions]", "missing")],
    ),
    "a policy attached": (
        lambda: client("iam").attach_group_policy(GroupName=READERS, PolicyArn=FOREIGN),
        [(READERS, "ManagedPolicyArns", "extra")],
    ),
    "a policy detached": (
        lambda: client("iam").detach_group_policy(GroupName=READERS, PolicyArn=group_policies()[0]),
        [(READERS, "ManagedPolicyArns", "missing")],
    ),
    "a group's path": (
        lambda: client("iam").update_group(GroupName=READERS, NewPath="/elsewhere/"),
        [(READERS, "Path", "changed")],
    ),
    "a trust policy": (
        lambda: client("iam").update_assume_role_policy(
            RoleName=WORKER,
            PolicyDocument=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ec2.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            ),
        ),
        [(WORKER, "AssumeRolePolicyDocument", "changed")],
    ),
    "a session and a description": (
        lambda: client("iam").update_role(RoleName=WORKER, MaxSessionDuration=43200, Description="By hand"),
        [(WORKER, "Description", "changed"), (WORKER, "MaxSessionDuration", "changed")],
    ),
    "a boundary removed": (
        lambda: client("iam").delete_role_permissions_boundary(RoleName=WORKER),
        [(WORKER, "PermissionsBoundary", "missing")],
    ),
    "another boundary": (
        lambda: client("iam").put_role_permissions_boundary(RoleName=WORKER, PermissionsBoundary=FOREIGN),
        [(WORKER, "PermissionsBoundary", "changed")],
    ),
    "a tag added": (
        lambda: client("iam").tag_role(RoleName=WORKER, Tags=[{"Key": "note", "Value": "x"}]),
        [(WORKER, "Tags[note]", "extra")],
    ),
    "a tag removed": (
        lambda: client("iam").untag_role(RoleName=WORKER, TagKeys=["owner"]),
        [(WORKER, "Tags[owner]", "missing")],
    ),
    "another default version": (widen_policy, [(POLICY, "PolicyDocument", "changed")]),
    "as many versions as there can be": (fill_versions, [(POLICY, "PolicyDocument", "changed")]),
    "a parameter's value": (
        lambda: client("ssm").put_parameter(Name=PARAMETER, Value="x", Overwrite=True),
        [(PARAMETER, "Value", "changed")],
    ),
    "a parameter deleted": (lambda: client("ssm").delete_parameter(Name=PARAMETER), [(PARAMETER, "", "missing")]),
    "a group deleted": (delete_group, [(READERS, "", "missing")]),
    "a role deleted": (delete_role, [(WORKER, "", "missing")]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_listed_by_the_preview_and_set_back_by_deploy(deployed: Tool, edit: str) -> None:
    change, expected = EDITS[edit]
    change()
    shown = run(deployed, "show-changes", "--output", "json")
    assert (shown.code, shown.document["result"]["operation"]) == (0, "none")
    assert restored(shown) == expected
    done = run(deployed, "deploy", "--force", "--expect", shown.document["result"]["digest"], "--output", "json")
    assert done.code == 0, done.stderr
    assert restored(done) == expected
    assert done.document["result"]["set_back"]
    assert is_clean(deployed)
    again = run(deployed, "deploy", "--force", "--output", "json")
    assert (again.code, restored(again), again.document["result"]["set_back"]) == (0, [], [])


def test_a_deleted_policy_is_made_again_and_attached_to_those_who_had_it(deployed: Tool) -> None:
    before = group_policies()
    delete_policy()
    assert run(deployed, "deploy", "--force").code == 0
    assert group_policies() == before
    assert is_clean(deployed)


def test_with_keep_drift_nothing_is_set_back_and_what_stays_is_shown(deployed: Tool) -> None:
    EDITS["an inline policy added"][0]()
    ran = run(deployed, "deploy", "--force", "--keep-drift", "--output", "json")
    assert (ran.code, restored(ran)) == (0, [])
    assert [one["name"] for one in ran.document["result"]["kept_drift"]] == [READERS]
    assert not is_clean(deployed)
    text = run(deployed, "show-changes", "--keep-drift").stdout
    assert "stays as it is" in text
    assert "Policies[more]" in text
