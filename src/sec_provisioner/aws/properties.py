"""One property of a deployed resource, read and written: what setting drift back is made of.

Properties are named as drift names them: `Policies[permissions]`, `Tags[owner]`, `ManagedPolicyArns`; of a managed
policy `Versions[v2]` is a version that is not the default one. A target is the
resource's name, of a managed policy its ARN. Removing what is gone is done already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sec_provisioner.aws import identity
from sec_provisioner.aws.errors import code_of, explained, was_repeated
from sec_provisioner.live.deployed import DEFAULT_SESSION_SECONDS
from sec_provisioner.live.findings import Difference

if TYPE_CHECKING:
    from sec_provisioner.aws.session import Aws

Properties = Mapping[str, Any]
_GROUP = "AWS::IAM::Group"


# --- reading ----------------------------------------------------------------------------------------


@explained("read a value once more before it is set back")
def fetch_property(aws: Aws, kind: str, target: str, difference: Difference) -> Any:
    """What is there now: the property's value, or the target itself where no property is named; None for nothing.

    Of attached policies it is the one that the difference is about.
    """
    try:
        return _fetch(aws, kind, target, difference)
    except ClientError as error:
        if code_of(error) == "NoSuchEntity":
            return None
        raise


def _fetch(aws: Aws, kind: str, target: str, difference: Difference) -> Any:
    head, part = difference.root(), difference.item()
    match kind, head:
        case _, "Policies":
            return _inline(aws, kind, target, part)
        case _, "ManagedPolicyArns":
            arn = difference.expected or difference.actual
            return arn if arn in _attached(aws, kind, target) else None
        case "AWS::IAM::Role", _:
            return _of_role(aws.iam.get_role(RoleName=target)["Role"], head, part)
        case "AWS::IAM::Group", _:
            group = aws.iam.get_group(GroupName=target, MaxItems=1)["Group"]
            return group["Path"] if head else group["GroupName"]
        case "AWS::IAM::ManagedPolicy", _:
            return _of_policy(aws, target, head, part)
        case _:
            # By its key: Name, Type or Value.
            found: list[Any] = aws.ssm.get_parameters(Names=[target])["Parameters"]
            return next((one[head or "Name"] for one in found), None)


def _inline(aws: Aws, kind: str, target: str, policy: str) -> Any:
    if kind == _GROUP:
        return aws.iam.get_group_policy(GroupName=target, PolicyName=policy)["PolicyDocument"]
    return aws.iam.get_role_policy(RoleName=target, PolicyName=policy)["PolicyDocument"]


def _attached(aws: Aws, kind: str, target: str) -> set[str]:
    if kind == _GROUP:
        of_group = aws.iam.get_paginator("list_attached_group_policies").paginate(GroupName=target)
        return {one.get("PolicyArn", "") for page in of_group for one in page["AttachedPolicies"]}
    of_role = aws.iam.get_paginator("list_attached_role_policies").paginate(RoleName=target)
    return {one.get("PolicyArn", "") for page in of_role for one in page["AttachedPolicies"]}


def _of_role(role: Mapping[str, Any], head: str, part: str) -> Any:
    match head:
        case "":
            return role["RoleName"]
        case "Tags":
            return next((one["Value"] for one in role.get("Tags", []) if one["Key"] == part), None)
        case "PermissionsBoundary":
            return role.get(head, {}).get("PermissionsBoundaryArn")
        case _:
            return role.get(head) or None


def _of_policy(aws: Aws, arn: str, head: str, version: str) -> Any:
    policy = {} if version else aws.iam.get_policy(PolicyArn=arn)["Policy"]
    if not head:
        return policy.get("PolicyName")
    found = aws.iam.get_policy_version(PolicyArn=arn, VersionId=version or policy.get("DefaultVersionId", ""))
    return found["PolicyVersion"].get("Document")


# --- making what is missing -------------------------------------------------------------------------


@explained("make a resource again")
def make_resource(aws: Aws, kind: str, target: str, properties: Properties) -> None:
    """Make a group or role without policies, a managed policy, or a parameter.

    Args:
        aws: the connection.
        kind: its CloudFormation type.
        target: its name, of a managed policy the ARN that it will have.
        properties: its properties; `Tags` as a mapping.
    """
    try:
        _make(aws, kind, target.rsplit("/", 1)[-1] if kind == "AWS::IAM::ManagedPolicy" else target, properties)
    except ClientError as error:
        if code_of(error) not in _THERE or not was_repeated(error):
            raise


# An answer to the first request was lost, and the second finds that it has been done.
_THERE = ("EntityAlreadyExists", "ParameterAlreadyExists")


def _make(aws: Aws, kind: str, name: str, properties: Properties) -> None:
    tags: Any = [{"Key": key, "Value": value} for key, value in properties.get("Tags", {}).items()]
    match kind:
        case "AWS::IAM::Group":
            aws.iam.create_group(GroupName=name, Path=properties.get("Path", "/"))
        case "AWS::IAM::Role":
            aws.iam.create_role(RoleName=name, Tags=tags, **_role_settings(properties))
        case "AWS::IAM::ManagedPolicy":
            document = _text(properties["PolicyDocument"])
            aws.iam.create_policy(PolicyName=name, Path=properties.get("Path", "/"), PolicyDocument=document)
        case _:
            aws.ssm.put_parameter(
                Name=name, Value=properties["Value"], Type=properties.get("Type", "String"), Tags=tags
            )


def _role_settings(properties: Properties) -> dict[str, Any]:
    optional = {name: properties[name] for name in ("Description", "PermissionsBoundary") if properties.get(name)}
    if "MaxSessionDuration" in properties:
        optional["MaxSessionDuration"] = int(properties["MaxSessionDuration"])
    trust = _text(properties["AssumeRolePolicyDocument"])
    return {"Path": properties.get("Path", "/"), "AssumeRolePolicyDocument": trust, **optional}


# --- writing ----------------------------------------------------------------------------------------


@explained("set a value back")
def write_property(aws: Aws, kind: str, target: str, difference: Difference, properties: Properties) -> None:
    """Write the expected value of a difference; where none is expected, remove what is there.

    A parameter is written as a whole, by its properties.
    """
    match kind:
        case "AWS::SSM::Parameter":
            value, type_ = properties["Value"], properties.get("Type", "String")
            aws.ssm.put_parameter(Name=target, Value=value, Type=type_, Overwrite=True)
        case "AWS::IAM::ManagedPolicy" if difference.root() == "Versions":
            identity.delete_version(aws, target, difference.item())
        case "AWS::IAM::ManagedPolicy":
            document = _text(difference.expected)
            aws.iam.create_policy_version(PolicyArn=target, PolicyDocument=document, SetAsDefault=True)
        case "AWS::IAM::Group":
            _write_to_group(aws, target, difference)
        case _:
            _write_to_role(aws, target, difference)


def _write_to_group(aws: Aws, group: str, difference: Difference) -> None:
    expected = difference.expected
    match difference.root(), expected:
        case "Policies" | "ManagedPolicyArns", None:
            _remove_policy(aws, "group", group, difference)
        case "Policies", _:
            aws.iam.put_group_policy(GroupName=group, PolicyName=difference.item(), PolicyDocument=_text(expected))
        case "ManagedPolicyArns", _:
            aws.iam.attach_group_policy(GroupName=group, PolicyArn=expected)
        case _:
            aws.iam.update_group(GroupName=group, NewPath=expected)


def _write_to_role(aws: Aws, role: str, difference: Difference) -> None:
    expected = difference.expected
    match difference.root(), expected:
        case "Policies" | "ManagedPolicyArns", None:
            _remove_policy(aws, "role", role, difference)
        case "Policies", _:
            aws.iam.put_role_policy(RoleName=role, PolicyName=difference.item(), PolicyDocument=_text(expected))
        case "ManagedPolicyArns", _:
            aws.iam.attach_role_policy(RoleName=role, PolicyArn=expected)
        case "AssumeRolePolicyDocument", _:
            aws.iam.update_assume_role_policy(RoleName=role, PolicyDocument=_text(expected))
        case "PermissionsBoundary", None:
            identity.delete_boundary(aws, "role", role)
        case "PermissionsBoundary", _:
            aws.iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=expected)
        case "Tags", None:
            aws.iam.untag_role(RoleName=role, TagKeys=[difference.item()])
        case "Tags", _:
            aws.iam.tag_role(RoleName=role, Tags=[{"Key": difference.item(), "Value": expected}])
        case _:
            _write_setting(aws, role, difference)


def _remove_policy(aws: Aws, kind: str, principal: str, difference: Difference) -> None:
    if difference.root() == "Policies":
        identity.delete_inline_policy(aws, kind, principal, difference.item())
    else:
        identity.detach_policy(aws, kind, principal, difference.actual)


def _write_setting(aws: Aws, role: str, difference: Difference) -> None:
    """Description or MaxSessionDuration: what UpdateRole is not told of the session it sets to its default.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
    """
    now = aws.iam.get_role(RoleName=role)["Role"]
    duration, description = now.get("MaxSessionDuration", DEFAULT_SESSION_SECONDS), now.get("Description", "")
    if difference.property == "Description":
        description = difference.expected or ""
    else:
        duration = int(difference.expected)
    aws.iam.update_role(RoleName=role, Description=description, MaxSessionDuration=duration)


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
