"""One function for each resource type: from the model's words to CloudFormation's.

Explicit on purpose: `Path`, `Policies`, `ManagedPolicyArns` and `MaxSessionDuration` are stated even where they are
empty or AWS's default, because drift detection compares only what a template states.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sec_provisioner.naming import Names
from sec_provisioner.policies import INLINE_POLICY_NAME, Attached, Attachment, ManagedPolicy, PolicyDocument
from sec_provisioner.security import Group, Role
from sec_provisioner.template.functions import substitute
from sec_provisioner.template.logical_ids import group_id, parameter_id, policy_id, role_id

_AWS_POLICY = "arn:${AWS::Partition}:iam::aws:policy/"
_OWN_POLICY = "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/"


@dataclass(frozen=True)
class Resource:
    """One resource of the template. `sources` leads from a property's path to the config path behind it."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    sources: Mapping[str, str] = field(default_factory=dict)
    depends_on: str | None = None


def managed_policy(policy: ManagedPolicy, source: str) -> Resource:
    """AWS::IAM::ManagedPolicy. No Description: it can only be set at creation, so a better word would replace it.

    Many may use it; `source` is where the config first does.
    """
    return Resource(
        policy_id(policy.service, policy.level_name, policy.part),
        "AWS::IAM::ManagedPolicy",
        {
            "ManagedPolicyName": policy.name,
            "Path": "/",
            "PolicyDocument": substitute(policy.document.value()),
        },
        {"": source},
    )


def group(one: Group, attached: Attached) -> Resource:
    """AWS::IAM::Group. Groups take no tags."""
    return Resource(
        group_id(one.key),
        "AWS::IAM::Group",
        {"GroupName": one.name, "Path": "/", **_attached(attached)},
        {"": one.source, **_attached_sources(attached)},
    )


def role(one: Role, attached: Attached, trust: PolicyDocument, boundary: str | None) -> Resource:
    """AWS::IAM::Role of any kind. Its tags are the stack's, as those of parameters are."""
    properties: dict[str, Any] = {
        "RoleName": one.name,
        "Path": "/",
        "Description": one.description,
        "AssumeRolePolicyDocument": substitute(trust.value()),
        **_attached(attached),
        "MaxSessionDuration": one.max_session_duration,
    }
    if boundary:
        properties["PermissionsBoundary"] = boundary_arn(boundary)
    sources = {
        "": one.source,
        "Description": f"{one.source}.description",
        "MaxSessionDuration": f"{one.source}.max_session_duration",
        "PermissionsBoundary": "deployment.permissions_boundary",
        "Tags": "tags",
        **_attached_sources(attached),
    }
    return Resource(role_id(one.key), "AWS::IAM::Role", properties, sources)


def boundary_arn(boundary: str) -> Any:
    """The config gives an ARN, or the name of a policy of the own account."""
    return boundary if boundary.startswith("arn:") else substitute(_OWN_POLICY + boundary)


def parameter(of: Resource, names: Names) -> Resource:
    """AWS::SSM::Parameter that publishes the ARN of a group, role or managed policy.

    Its tags are the stack's, which CloudFormation hands down: stated on each parameter they would take a tenth of
    what fits inline. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html
    """
    kind, prefix, value = _PUBLISHED[of.type]
    name_key = _NAME_KEYS[of.type]
    # "edge-prod-b001-group-med-data-scientists" -> "data-scientists": as spelt in the IAM name.
    start = len(f"{names.project}-{prefix}-xxx-")
    short = of.properties[name_key][start:]
    if names.suffix:
        short = short.removesuffix(f"-{names.suffix}")
    return Resource(
        parameter_id(of.logical_id),
        "AWS::SSM::Parameter",
        {
            "Name": names.parameter(kind, short),
            "Type": "String",
            "Value": {"Fn::GetAtt": [of.logical_id, "Arn"]} if value == "Arn" else {"Ref": of.logical_id},
        },
        {"": of.sources.get("", "")},
    )


_PUBLISHED = {
    "AWS::IAM::Group": ("group", "group", "Arn"),
    "AWS::IAM::Role": ("role", "role", "Arn"),
    "AWS::IAM::ManagedPolicy": ("policy", "policy", "Ref"),
}
_NAME_KEYS = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
}


def _attached(attached: Attached) -> dict[str, Any]:
    inline = attached.inline
    return {
        "ManagedPolicyArns": [_attachment(one) for one in attached.attachments],
        "Policies": [
            {"PolicyName": INLINE_POLICY_NAME, "PolicyDocument": substitute(one.value())}
            for one in ([inline] if inline else [])
        ],
    }


def _attachment(one: Attachment) -> Any:
    if isinstance(one.policy, ManagedPolicy):
        return {"Ref": policy_id(one.policy.service, one.policy.level_name, one.policy.part)}
    return substitute(_AWS_POLICY + one.policy)


def _attached_sources(attached: Attached) -> dict[str, str]:
    arns = {f"ManagedPolicyArns[{index}]": one.source for index, one in enumerate(attached.attachments)}
    statements: Iterable[Any] = attached.inline.statements if attached.inline else ()
    inline = {f"Policies[0].PolicyDocument.Statement[{index}]": one.source for index, one in enumerate(statements)}
    return arns | inline
