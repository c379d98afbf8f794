"""Nothing is in the table that neither AWS's schemas nor our own calls ask for, and nothing is missing from it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

import sec_provisioner.aws
from sec_local.schemas import schema_of
from sec_provisioner.actions import ACTIONS
from sec_provisioner.actions.base import ActionClass
from sec_provisioner.iam.reference import reference
from sec_provisioner.lifecycle import temporary
from sec_provisioner.operator_policy.needs import EXCLUDED, NEEDS, SETS_BACK, TRAIL_NEED, Need, acting
from sec_provisioner.operator_policy.scopes import CHANGE_SET_PREFIX
from support.configs import built, master
from support.sdk_calls import permissions_of

DELEGABLE = {permission for one in NEEDS if one.is_delegable for permission in one.permissions}
OWN = {permission for one in NEEDS if not one.is_delegable for permission in one.permissions}

# Not the name of a call the tool makes, but checked beside one: https://docs.aws.amazon.com/service-authorization/
# latest/reference/list_awscloudformation.html, .../AmazonS3/latest/userguide/UsingKMSEncryption.html
DETECTION = "cloudformation:DetectStackDrift"
READ_BY_DETECTION = {
    "iam:GetGroup", "iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies",
    "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:ListRoleTags",
    "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy", "iam:ListPolicyVersions",
    "ssm:GetParameters", "ssm:ListTagsForResource",
}  # fmt: skip
# .../AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html, "Permissions".
BESIDE = {
    "cloudformation:DetectStackResourceDrift": DETECTION,
    **dict.fromkeys(READ_BY_DETECTION, DETECTION),
    "cloudformation:TagResource": "cloudformation:CreateChangeSet",
    "cloudformation:UntagResource": "cloudformation:CreateChangeSet",
    "iam:PassRole": "cloudformation:CreateChangeSet",
    "s3:GetObjectVersion": "cloudformation:CreateChangeSet",
    "kms:Decrypt": "cloudformation:CreateChangeSet",
    "kms:GenerateDataKey": "s3:PutObject",
}


@cache
def published() -> frozenset[str]:
    """What the schemas name for the types that our templates hold."""
    resources = [
        one for tier in ("startup", "medium", "enterprise") for one in built(master(tier)).template.resources.values()
    ]
    found: set[str] = set()
    for kind in {one["Type"] for one in resources}:
        schema = schema_of(kind)
        assert schema, kind
        found.update(name for handler in schema["handlers"].values() for name in handler["permissions"])
        found.update(schema.get("tagging", {}).get("permissions", []))
    return frozenset(found)


@cache
def called() -> frozenset[str]:
    """The permissions of every SDK call that the source of the adapter makes."""
    folder = Path(sec_provisioner.aws.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    # CloudTrail is asked only where the policy was made `--with cloudtrail`.
    calls = re.findall(r"aws\.(cloudformation|iam|s3|ssm|sts)\.(?:get_paginator\(\"(\w+)\"\)|(\w+))", text)
    session = botocore.session.Session()
    operations = {
        service: {xform_name(one): one for one in session.get_service_model(service).operation_names}
        for service in {service for service, _, _ in calls}
    }
    return frozenset(
        permission
        for service, paged, plain in calls
        for permission in permissions_of(service, operations[service][paged or plain])
    )


def test_the_source_was_really_read() -> None:
    assert {"iam:GetGroup", "s3:PutEncryptionConfiguration", "cloudformation:DescribeStackEvents"} <= called()


def test_what_cloudformation_does_for_the_caller_is_what_the_schemas_name() -> None:
    assert published() >= DELEGABLE
    assert published() - DELEGABLE - OWN == {one for one in EXCLUDED if one in published()}


def test_what_the_tool_needs_itself_are_its_own_calls() -> None:
    assert called() | set(BESIDE) >= OWN
    assert called() >= set(BESIDE.values())
    assert called() - OWN - SETS_BACK == {one for one in EXCLUDED if one in called()}


def test_what_sets_drift_back_are_rights_that_cloudformation_uses_as_the_caller() -> None:
    assert called() & DELEGABLE >= SETS_BACK


def test_what_is_left_out_is_asked_for_somewhere() -> None:
    # sts:AssumeRole: the SDK's own fetcher of credentials makes that call.
    assert set(EXCLUDED) <= published() | called() | {"sts:AssumeRole"}
    assert not set(EXCLUDED) & (OWN | DELEGABLE)


@pytest.mark.parametrize("need", [*NEEDS, TRAIL_NEED], ids=lambda one: f"{one.scope.name}-{one.permissions[0]}")
def test_every_need_says_why_and_spells_its_permissions_as_aws_does(need: Need) -> None:
    assert need.why
    assert [one.name for one in map(reference().action, need.permissions) if one] == list(need.permissions)


def test_every_action_that_calls_aws_is_in_the_table() -> None:
    assert acting() >= {one.name for one in ACTIONS if one.kind is not ActionClass.LOCAL}


def test_the_names_of_our_change_sets_are_in_reach() -> None:
    assert temporary._PREFIX == CHANGE_SET_PREFIX  # noqa: SLF001 - two layers that must not import each other
