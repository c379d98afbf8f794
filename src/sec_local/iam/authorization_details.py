"""GetAccountAuthorizationDetails in full, filtered and paged.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.iam import paging
from sec_local.iam.stores import KINDS, Record, groups_of, inline_policies, policy, store
from sec_local.iam.versions import newest_first
from sec_local.iam.views import View, attached, boundary, encoded, managed_policy, tags
from sec_local.iam.wire import Answer, Params, add_action, constraint, members, result

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILTERS = ("User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy")
_LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


def install() -> None:
    """Add the action."""
    add_action("GetAccountAuthorizationDetails", _answer)


def _answer(params: Params) -> Answer:
    wanted = members(params, "Filter")
    unknown = [name for name in wanted if name not in _FILTERS]
    if unknown:
        text = f"Member must satisfy enum value set: [{', '.join(_FILTERS)}]"
        return constraint(str(wanted), "filter", text)
    page = paging.cut(list(_entries(set(wanted or _FILTERS))), params)
    if page.refused:
        return page.refused
    lists: dict[str, list[View]] = {name: [] for name in _LISTS}
    for name, view in page.items:
        lists[name].append(view)
    return result("GetAccountAuthorizationDetails", IsTruncated=page.marker is not None, Marker=page.marker, **lists)


def _entries(wanted: set[str]) -> Iterator[tuple[str, View]]:
    if "User" in wanted:
        yield from (("UserDetailList", _user(record)) for record in store("User").values())
    if "Group" in wanted:
        yield from (("GroupDetailList", _group(record)) for record in store("Group").values())
    if "Role" in wanted:
        yield from (("RoleDetailList", _role(record)) for record in store("Role").values())
    if "LocalManagedPolicy" in wanted:
        yield from (("Policies", _policy(arn)) for arn in store("Policy"))
    if "AWSManagedPolicy" in wanted:
        yield from (("Policies", _policy(arn)) for arn in _aws_policies_in_use())


def _aws_policies_in_use() -> list[str]:
    used = {arn for kind in KINDS for record in store(kind).values() for arn in record.get("AttachedPolicies", [])}
    return sorted(arn for arn in used if arn not in store("Policy") and policy(arn))


def _entity(kind: str, record: Record) -> View:
    name = record[f"{kind}Name"]
    return {
        **{key: record[key] for key in ("Path", f"{kind}Name", f"{kind}Id", "Arn", "CreateDate")},
        f"{kind}PolicyList": [
            {"PolicyName": policy_name, "PolicyDocument": encoded(document)}
            for policy_name, document in inline_policies(kind, name).items()
        ],
        "AttachedManagedPolicies": attached(record),
    }


def _user(record: Record) -> View:
    groups = [group["GroupName"] for group in groups_of(record["UserName"])]
    return {
        **_entity("User", record),
        "GroupList": groups,
        "PermissionsBoundary": boundary(record),
        "Tags": tags(record) or [],
    }


def _group(record: Record) -> View:
    return _entity("Group", record)


def _role(record: Record) -> View:
    name = record["RoleName"]
    profiles = [one for one in store("InstanceProfile").values() if name in one.get("Roles", [])]
    return {
        **_entity("Role", record),
        "AssumeRolePolicyDocument": encoded(record.get("AssumeRolePolicyDocument") or "{}"),
        "InstanceProfileList": [_profile(profile, record) for profile in profiles],
        "PermissionsBoundary": boundary(record),
        "Tags": tags(record) or [],
        "RoleLastUsed": record.get("RoleLastUsed") or {},
    }


def _profile(profile: Record, role: Record) -> View:
    names = ("Path", "InstanceProfileName", "InstanceProfileId", "Arn", "CreateDate")
    return {
        **{name: profile[name] for name in names},
        "Roles": [
            {
                **{name: role[name] for name in ("Path", "RoleName", "RoleId", "Arn", "CreateDate")},
                "AssumeRolePolicyDocument": encoded(role.get("AssumeRolePolicyDocument") or "{}"),
            }
        ],
    }


def _policy(arn: str) -> View:
    view = managed_policy(arn)
    view.pop("Tags")
    view["PolicyVersionList"] = [
        {
            "Document": encoded(version["Document"]),
            "VersionId": version["VersionId"],
            "IsDefaultVersion": version["IsDefaultVersion"],
            "CreateDate": version["CreateDate"],
        }
        for version in newest_first(policy(arn) or {})
    ]
    return view
