"""How many, and how long: IAM's quotas, counted as IAM counts (white space left out).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json

from sec_local.iam.stores import groups_of, inline_policies, names, store
from sec_local.iam.wire import Answer, Check, Params, error, guard, parameter
from sec_local.settings import SETTINGS

DEFAULTS = {
    "InlinePolicySizePerUser": 2048,
    "InlinePolicySizePerGroup": 5120,
    "InlinePolicySizePerRole": 10240,
    "PolicySize": 6144,
    "ACLSizePerRole": 2048,
    "PoliciesPerUser": 10,
    "PoliciesPerGroup": 10,
    "PoliciesPerRole": 10,
    "GroupsPerUser": 10,
    "AccessKeysPerUser": 2,
    "UsersPerAccount": 5000,
    "GroupsPerAccount": 300,
    "RolesPerAccount": 1000,
    "PoliciesPerAccount": 1500,
    "InstanceProfilesPerAccount": 1000,
    "VersionsPerPolicy": 5,
}
"""The default of each; `Settings.quotas` holds what was raised on request."""

_COUNTED = {
    "User": "Users",
    "Group": "Groups",
    "Role": "Roles",
    "Policy": "Policies",
    "InstanceProfile": "InstanceProfiles",
}


def quota(name: str) -> int:
    """The limit that is in force."""
    return SETTINGS.quotas.get(name, DEFAULTS[name])


def install() -> None:
    """Guard what adds to something."""
    for kind in ("User", "Group", "Role"):
        guard((f"Put{kind}Policy",), _inline_check(kind))
        guard((f"Attach{kind}Policy",), _attachment_check(kind))
    for kind, plural in _COUNTED.items():
        guard((f"Create{kind}",), _count_check(kind, f"{plural}PerAccount"))
    guard(("CreatePolicy", "CreatePolicyVersion"), _policy_size)
    guard(("CreateRole",), lambda params: _trust_size(parameter(params, "AssumeRolePolicyDocument")))
    guard(("UpdateAssumeRolePolicy",), lambda params: _trust_size(parameter(params, "PolicyDocument")))
    guard(("CreatePolicyVersion",), _version_count)
    guard(("AddUserToGroup",), _membership_count)
    guard(("CreateAccessKey",), _key_count)


def counted_size(document: str) -> int:
    """Characters of a document without its white space; inside texts it counts."""
    try:
        return len(json.dumps(json.loads(document), separators=(",", ":"), ensure_ascii=False))
    except ValueError:
        return len("".join(document.split()))


def _exceeded(name: str) -> Answer:
    return error("LimitExceeded", f"Cannot exceed quota for {name}: {quota(name)}", 409)


def _inline_check(kind: str) -> Check:
    def check(params: Params) -> Answer | None:
        name = parameter(params, f"{kind}Name")
        others = {
            policy: document
            for policy, document in inline_policies(kind, name).items()
            if policy != parameter(params, "PolicyName")
        }
        total = sum(map(counted_size, others.values())) + counted_size(parameter(params, "PolicyDocument"))
        limit = quota(f"InlinePolicySizePer{kind}")
        if total <= limit:
            return None
        message = f"Maximum policy size of {limit} bytes exceeded for {kind.lower()} {name}"
        return error("LimitExceeded", message, 409)

    return check


def _attachment_check(kind: str) -> Check:
    def check(params: Params) -> Answer | None:
        record = store(kind).get(parameter(params, f"{kind}Name")) or {}
        attached = record.get("AttachedPolicies", [])
        if parameter(params, "PolicyArn") in attached or len(attached) < quota(f"PoliciesPer{kind}"):
            return None
        return _exceeded(f"PoliciesPer{kind}")

    return check


def _count_check(kind: str, name: str) -> Check:
    return lambda _: _exceeded(name) if len(names(kind)) >= quota(name) else None


def _policy_size(params: Params) -> Answer | None:
    too_long = counted_size(parameter(params, "PolicyDocument")) > quota("PolicySize")
    return _exceeded("PolicySize") if too_long else None


def _trust_size(document: str) -> Answer | None:
    return _exceeded("ACLSizePerRole") if counted_size(document) > quota("ACLSizePerRole") else None


def _version_count(params: Params) -> Answer | None:
    record = store("Policy").get(parameter(params, "PolicyArn")) or {}
    if len(record.get("Versions", {})) < quota("VersionsPerPolicy"):
        return None
    message = (
        f"A managed policy can have up to {quota('VersionsPerPolicy')} versions. Before you create a new version, "
        "you must delete an existing version."
    )
    return error("LimitExceeded", message, 409)


def _membership_count(params: Params) -> Answer | None:
    groups = groups_of(parameter(params, "UserName"))
    if any(group["GroupName"] == parameter(params, "GroupName") for group in groups):
        return None
    return _exceeded("GroupsPerUser") if len(groups) >= quota("GroupsPerUser") else None


def _key_count(params: Params) -> Answer | None:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    user = parameter(params, "UserName")
    held = [key for key in iam._access_keys.values() if key["UserName"] == user]  # noqa: SLF001 - its store
    return _exceeded("AccessKeysPerUser") if len(held) >= quota("AccessKeysPerUser") else None
