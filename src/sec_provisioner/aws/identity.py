"""Who calls, and the account's IAM: read in a few paged calls, written one value at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sec_provisioner.aws.errors import code_of, explained
from sec_provisioner.live.identity import Caller, LiveAccount, LiveGroup, LivePolicy, LiveRole, LiveUser

if TYPE_CHECKING:
    from sec_provisioner.aws.session import Aws


@explained("find out whose credentials these are")
def fetch_caller(aws: Aws) -> Caller:
    """Whose credentials these are. The call needs no permission and can't be denied."""
    answer = aws.sts.get_caller_identity()
    return Caller(answer["Account"], answer["Arn"])


@explained("read the account's groups, roles and policies")
def fetch_account(aws: Aws) -> LiveAccount:
    """All groups, roles, users and customer managed policies with their documents, 1,000 entries a page.

    A role's description and session duration are not in it (ListRoles has those).
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    """
    kinds: Any = {"Filter": ["User", "Group", "Role", "LocalManagedPolicy"], "PaginationConfig": {"PageSize": 1000}}
    pages: list[Any] = list(aws.iam.get_paginator("get_account_authorization_details").paginate(**kinds))
    return LiveAccount(
        groups=tuple(_group(one) for page in pages for one in page.get("GroupDetailList", [])),
        roles=tuple(_role(one) for page in pages for one in page.get("RoleDetailList", [])),
        users=tuple(_user(one) for page in pages for one in page.get("UserDetailList", [])),
        policies=tuple(_policy(one) for page in pages for one in page.get("Policies", [])),
    )


def _group(one: Mapping[str, Any]) -> LiveGroup:
    return LiveGroup(
        name=one["GroupName"],
        arn=one["Arn"],
        path=one.get("Path", "/"),
        inline=_inline(one.get("GroupPolicyList", [])),
        attached=_attached(one),
    )


def _role(one: Mapping[str, Any]) -> LiveRole:
    return LiveRole(
        name=one["RoleName"],
        arn=one["Arn"],
        path=one.get("Path", "/"),
        trust=one.get("AssumeRolePolicyDocument", {}),
        inline=_inline(one.get("RolePolicyList", [])),
        attached=_attached(one),
        boundary=_boundary(one),
        tags={tag["Key"]: tag["Value"] for tag in one.get("Tags", [])},
        last_used=one.get("RoleLastUsed", {}).get("LastUsedDate"),
        instance_profiles=tuple(profile["InstanceProfileName"] for profile in one.get("InstanceProfileList", [])),
    )


def _user(one: Mapping[str, Any]) -> LiveUser:
    return LiveUser(
        name=one["UserName"],
        arn=one["Arn"],
        groups=tuple(one.get("GroupList", [])),
        attached=_attached(one),
        boundary=_boundary(one),
    )


def _policy(one: Mapping[str, Any]) -> LivePolicy:
    versions: list[Mapping[str, Any]] = one.get("PolicyVersionList", [])
    default: Mapping[str, Any] = next((version for version in versions if version.get("IsDefaultVersion")), {})
    others = [version for version in versions if not version.get("IsDefaultVersion")]
    return LivePolicy(
        name=one["PolicyName"],
        arn=one["Arn"],
        path=one.get("Path", "/"),
        document=default.get("Document", {}),
        default_version=one.get("DefaultVersionId", ""),
        other_versions=tuple(version["VersionId"] for version in others),
        other_documents={version["VersionId"]: version.get("Document", {}) for version in others},
    )


def _inline(policies: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {one["PolicyName"]: one["PolicyDocument"] for one in policies}


def _attached(one: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(policy["PolicyArn"] for policy in one.get("AttachedManagedPolicies", []))


def _boundary(one: Mapping[str, Any]) -> str | None:
    arn: str | None = one.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return arn


# --- members ----------------------------------------------------------------------------------------


@explained("read the members of a group")
def fetch_members(aws: Aws, group: str) -> tuple[str, ...] | None:
    """The names of the users in a group, sorted; None where there is no such group."""
    pages = aws.iam.get_paginator("get_group").paginate(GroupName=group)
    try:
        return tuple(sorted(user["UserName"] for page in pages for user in page["Users"]))
    except ClientError as error:
        if _is_gone(error):
            return None
        raise


@explained("add a user to a group")
def add_member(aws: Aws, group: str, user: str) -> None:
    """Put a user into a group; one who is in it stays."""
    aws.iam.add_user_to_group(GroupName=group, UserName=user)


@explained("remove a user from a group")
def remove_member(aws: Aws, group: str, user: str) -> None:
    """Take a user out of a group; no failure where the user or the group is gone."""
    _unless_gone(aws.iam.remove_user_from_group, GroupName=group, UserName=user)


# --- what hangs on groups, roles and policies ---------------------------------------------------------


@explained("remove an inline policy")
def delete_inline_policy(aws: Aws, kind: str, principal: str, policy: str) -> None:
    """Delete an inline policy of a `group` or `role`."""
    if kind == "group":
        _unless_gone(aws.iam.delete_group_policy, GroupName=principal, PolicyName=policy)
    else:
        _unless_gone(aws.iam.delete_role_policy, RoleName=principal, PolicyName=policy)


@explained("detach a policy")
def detach_policy(aws: Aws, kind: str, principal: str, arn: str) -> None:
    """Detach a managed policy from a `group`, `role` or `user`."""
    if kind == "group":
        _unless_gone(aws.iam.detach_group_policy, GroupName=principal, PolicyArn=arn)
    elif kind == "role":
        _unless_gone(aws.iam.detach_role_policy, RoleName=principal, PolicyArn=arn)
    else:
        _unless_gone(aws.iam.detach_user_policy, UserName=principal, PolicyArn=arn)


@explained("remove a permissions boundary")
def delete_boundary(aws: Aws, kind: str, principal: str) -> None:
    """Take the permissions boundary off a `role` or `user`."""
    if kind == "role":
        _unless_gone(aws.iam.delete_role_permissions_boundary, RoleName=principal)
    else:
        _unless_gone(aws.iam.delete_user_permissions_boundary, UserName=principal)


@explained("take a role out of an instance profile")
def remove_from_profile(aws: Aws, profile: str, role: str) -> None:
    """Take a role out of an instance profile."""
    _unless_gone(aws.iam.remove_role_from_instance_profile, InstanceProfileName=profile, RoleName=role)


@explained("delete a version of a policy")
def delete_version(aws: Aws, arn: str, version: str) -> None:
    """Delete a version of a managed policy that is not the default one."""
    _unless_gone(aws.iam.delete_policy_version, PolicyArn=arn, VersionId=version)


def _is_gone(error: ClientError) -> bool:
    return code_of(error) == "NoSuchEntity"


def _unless_gone(call: Any, **arguments: str) -> None:
    """Removing what is not there any more is done already."""
    try:
        call(**arguments)
    except ClientError as error:
        if not _is_gone(error):
            raise
