"""Which permissions each write of a repair takes."""

from __future__ import annotations

from typing import Any

import pytest

from sec_provisioner.iam.reference import reference
from sec_provisioner.live.findings import Difference
from sec_provisioner.live.rights import Place, rights_for
from sec_provisioner.live.writes import Moment, Write
from sec_provisioner.operator_policy.needs import NEEDS

PLACE = Place("aws-cn", "cn-north-1", "123456789012")
IAM = "arn:aws-cn:iam::123456789012"
KINDS = {"group": "AWS::IAM::Group", "role": "AWS::IAM::Role", "policy": "AWS::IAM::ManagedPolicy"}
LEVEL, CAP = f"{IAM}:policy/level", f"{IAM}:policy/cap"


def write(kind: str, property_: str, expected: Any = "x", actual: Any = None, **more: Any) -> Write:
    name = LEVEL if kind == "policy" else "/security/x" if kind == "parameter" else "one"
    difference = Difference(property_, "changed", expected, actual)
    return Write(KINDS.get(kind, "AWS::SSM::Parameter"), name, difference, Moment.TAKE, **more)


CASES: list[tuple[Write, str, str, dict[str, str]]] = [
    (write("group", ""), "iam:GetGroup iam:CreateGroup", f"{IAM}:group/one", {}),
    (write("group", "Policies[p]"), "iam:GetGroupPolicy iam:PutGroupPolicy", f"{IAM}:group/one", {}),
    (write("group", "Policies[p]", None), "iam:GetGroupPolicy iam:DeleteGroupPolicy", f"{IAM}:group/one", {}),
    (
        write("group", "ManagedPolicyArns", None, LEVEL),
        "iam:ListAttachedGroupPolicies iam:DetachGroupPolicy",
        f"{IAM}:group/one",
        {"iam:PolicyARN": LEVEL},
    ),
    (write("group", "Path"), "iam:GetGroup iam:UpdateGroup", f"{IAM}:group/one", {}),
    (
        write("role", "", properties={"Path": "/a/", "Tags": {"a": "b"}, "PermissionsBoundary": CAP}),
        "iam:GetRole iam:CreateRole iam:TagRole",
        f"{IAM}:role/a/one",
        {"iam:PermissionsBoundary": CAP},
    ),
    (write("role", "Description"), "iam:GetRole iam:UpdateRole", f"{IAM}:role/one", {}),
    (write("role", "Tags[a]", None), "iam:GetRole iam:UntagRole", f"{IAM}:role/one", {}),
    (
        write("role", "PermissionsBoundary", CAP, properties={"PermissionsBoundary": "other"}),
        "iam:GetRole iam:PutRolePermissionsBoundary",
        f"{IAM}:role/one",
        {"iam:PermissionsBoundary": CAP},
    ),
    (write("role", "AssumeRolePolicyDocument"), "iam:GetRole iam:UpdateAssumeRolePolicy", f"{IAM}:role/one", {}),
    (write("policy", ""), "iam:GetPolicy iam:CreatePolicy", LEVEL, {}),
    (
        write("policy", "PolicyDocument", drops=("v1",)),
        "iam:GetPolicy iam:GetPolicyVersion iam:CreatePolicyVersion iam:DeletePolicyVersion",
        LEVEL,
        {},
    ),
    (write("policy", "Versions[v1]", None), "iam:GetPolicyVersion iam:DeletePolicyVersion", LEVEL, {}),
    (
        write("parameter", "Value"),
        "ssm:GetParameters ssm:PutParameter",
        "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/security/x",
        {},
    ),
]


@pytest.mark.parametrize(
    ("one", "permissions", "resource", "context"),
    CASES,
    ids=[one.subject for one, *_ in CASES],
)
def test_a_write_takes_reading_and_writing_of_its_resource(
    one: Write, permissions: str, resource: str, context: dict[str, str]
) -> None:
    (right,) = rights_for([one, one], PLACE)
    assert (" ".join(right.permissions), right.resource, right.context) == (permissions, resource, context)


def test_they_are_permissions_of_aws_that_cloudformation_takes_of_the_caller_otherwise() -> None:
    named = {name for _, permissions, *_ in CASES for name in permissions.split()}
    assert all(reference().action(name) for name in named)
    assert named <= {name for one in NEEDS for name in one.permissions}
