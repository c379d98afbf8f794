"""Events of CloudTrail -> who may have made a difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sec_provisioner.live.findings import Difference, Kind, ResourceDrift
from sec_provisioner.live.trail import TrailEvent, find_author

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANNA, EVE = "arn:aws:iam::123456789012:user/anna", "arn:aws:sts::123456789012:assumed-role/ops/eve"
ARN = "arn:aws:iam::123456789012:policy/level"
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"


def event(name: str, minute: int = 0, user: str = ANNA, /, **parameters: Any) -> TrailEvent:
    return TrailEvent(f"{name}-{minute}", NOON + timedelta(minutes=minute), name, user, parameters=parameters)


def drift(kind: str, name: str) -> ResourceDrift:
    return ResourceDrift("Some", f"AWS::{kind}", name, "changed")


def difference(path: str, kind: Kind = "changed", expected: Any = None, actual: Any = None) -> Difference:
    return Difference(path, kind, expected, actual)


GROUP, ROLE = drift("IAM::Group", "readers"), drift("IAM::Role", "worker")
POLICY, PARAMETER = drift("IAM::ManagedPolicy", "level"), drift("SSM::Parameter", "/security/x/a")

EXPLAINED: list[tuple[ResourceDrift, Difference, TrailEvent]] = [
    (GROUP, difference("Policies[more]", "extra"), event("PutGroupPolicy", groupName="readers", policyName="more")),
    (GROUP, difference("Policies[a]", "missing"), event("DeleteGroupPolicy", groupName="readers", policyName="a")),
    (
        GROUP,
        difference("ManagedPolicyArns", "extra", None, AUDIT),
        event("AttachGroupPolicy", groupName="readers", policyArn=AUDIT),
    ),
    (
        ROLE,
        difference("ManagedPolicyArns", "missing", AUDIT),
        event("DetachRolePolicy", roleName="worker", policyArn=AUDIT),
    ),
    (ROLE, difference("AssumeRolePolicyDocument"), event("UpdateAssumeRolePolicy", roleName="worker")),
    (ROLE, difference("PermissionsBoundary", "missing"), event("DeleteRolePermissionsBoundary", roleName="worker")),
    (ROLE, difference("Description"), event("UpdateRole", roleName="worker", description="x")),
    (ROLE, difference("MaxSessionDuration"), event("UpdateRole", roleName="worker", maxSessionDuration=43200)),
    (ROLE, difference("Tags[note]", "extra"), event("TagRole", roleName="worker", tags=[{"key": "note"}])),
    (ROLE, difference("Tags[note]", "missing"), event("UntagRole", roleName="worker", tagKeys=["note"])),
    (ROLE, difference("", "missing"), event("DeleteRole", roleName="worker")),
    (ROLE, difference("Description"), event("CreateRole", roleName="worker")),
    (GROUP, difference("", "extra"), event("CreateGroup", groupName="readers")),
    (GROUP, difference("", "extra"), event("UpdateGroup", groupName="old", newGroupName="readers")),
    (GROUP, difference("GroupName"), event("UpdateGroup", groupName="Readers", newGroupName="READERS")),
    (POLICY, difference("PolicyDocument"), event("CreatePolicyVersion", policyArn=ARN)),
    (POLICY, difference("PolicyDocument"), event("SetDefaultPolicyVersion", policyArn=ARN)),
    (POLICY, difference("", "extra"), event("CreatePolicy", policyName="level")),
    (
        POLICY,
        difference("AttachedTo[user/bob]", "extra"),
        event("AttachUserPolicy", policyArn=ARN, userName="bob"),
    ),
    (PARAMETER, difference("Value"), event("PutParameter", name="/security/x/a")),
    (PARAMETER, difference("Value"), event("PutParameter", name="arn:aws:ssm:x:1:parameter/security/x/a")),
    (PARAMETER, difference("", "missing"), event("DeleteParameters", names=["/security/x/b", "/security/x/a"])),
]


@pytest.mark.parametrize(("resource", "one", "cause"), EXPLAINED, ids=lambda one: getattr(one, "name", None))
def test_the_event_that_does_it_explains_it(resource: ResourceDrift, one: Difference, cause: TrailEvent) -> None:
    assert find_author(resource, one, [cause]).event == cause


UNRELATED: list[tuple[ResourceDrift, Difference, TrailEvent]] = [
    (GROUP, difference("Policies[a]", "extra"), event("PutGroupPolicy", groupName="readers", policyName="b")),
    (GROUP, difference("Policies[a]", "extra"), event("PutGroupPolicy", groupName="writers", policyName="a")),
    (GROUP, difference("Policies[a]", "extra"), event("DeleteGroupPolicy", groupName="readers", policyName="a")),
    (GROUP, difference("ManagedPolicyArns", "extra", None, AUDIT), event("AttachGroupPolicy", groupName="readers")),
    (ROLE, difference("Tags[note]", "extra"), event("TagRole", roleName="worker", tags=[{"key": "other"}])),
    (POLICY, difference("AttachedTo[user/bob]", "extra"), event("AttachUserPolicy", policyArn=ARN, userName="eve")),
    (PARAMETER, difference("Value"), event("PutParameter", name="/security/x/ab")),
]


@pytest.mark.parametrize(("resource", "one", "other"), UNRELATED)
def test_what_does_something_else_explains_nothing(resource: ResourceDrift, one: Difference, other: TrailEvent) -> None:
    found = find_author(resource, one, [other])
    assert found.event is None
    assert "90 days" in found.reason


def test_the_newest_is_named() -> None:
    older, newer = (
        event("UpdateAssumeRolePolicy", minute, user, roleName="worker") for minute, user in ((1, ANNA), (2, EVE))
    )
    assert find_author(ROLE, difference("AssumeRolePolicyDocument"), [older, newer]).event == newer


def test_of_several_the_one_that_set_the_very_property() -> None:
    session = event("UpdateRole", 1, ANNA, roleName="worker", maxSessionDuration=43200)
    described = event("UpdateRole", 2, EVE, roleName="worker", description="x")
    assert find_author(ROLE, difference("MaxSessionDuration"), [session, described]).event == session


@pytest.mark.parametrize(
    "by_machine",
    [
        {"source_ip": "cloudformation.amazonaws.com"},
        {"invoked_by": "cloudformation.amazonaws.com"},
        {"agent": "Boto3/1.43 sec-provisioner/1.0.0"},
    ],
)
def test_what_cloudformation_or_this_tool_did_is_nobodys_edit(by_machine: dict[str, Any]) -> None:
    made = replace(event("UpdateAssumeRolePolicy", roleName="worker"), **by_machine)
    found = find_author(ROLE, difference("AssumeRolePolicyDocument"), [made])
    assert found.event is None
    assert "only CloudFormation and this tool" in found.reason
