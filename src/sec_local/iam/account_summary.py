"""GetAccountSummary: what there is in the account, and the quotas that are in force.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
"""

from __future__ import annotations

from sec_local.iam.quotas import quota
from sec_local.iam.stores import names, store
from sec_local.iam.wire import Answer, Params, add_action
from sec_local.xml import elements

_COUNTED = {
    "Users": "User",
    "Groups": "Group",
    "Roles": "Role",
    "Policies": "Policy",
    "InstanceProfiles": "InstanceProfile",
}
_QUOTAS = {
    "UsersQuota": "UsersPerAccount",
    "GroupsQuota": "GroupsPerAccount",
    "RolesQuota": "RolesPerAccount",
    "PoliciesQuota": "PoliciesPerAccount",
    "InstanceProfilesQuota": "InstanceProfilesPerAccount",
    "UserPolicySizeQuota": "InlinePolicySizePerUser",
    "GroupPolicySizeQuota": "InlinePolicySizePerGroup",
    "RolePolicySizeQuota": "InlinePolicySizePerRole",
    "PolicySizeQuota": "PolicySize",
    "AssumeRolePolicySizeQuota": "ACLSizePerRole",
    "AttachedPoliciesPerUserQuota": "PoliciesPerUser",
    "AttachedPoliciesPerGroupQuota": "PoliciesPerGroup",
    "AttachedPoliciesPerRoleQuota": "PoliciesPerRole",
    "GroupsPerUserQuota": "GroupsPerUser",
    "AccessKeysPerUserQuota": "AccessKeysPerUser",
    "VersionsPerPolicyQuota": "VersionsPerPolicy",
}
_FIXED = {
    "PolicyVersionsInUseQuota": 10000,
    "ServerCertificatesQuota": 20,
    "SigningCertificatesPerUserQuota": 2,
    "GlobalEndpointTokenVersion": 1,
}
_NEVER_THERE = (
    "ServerCertificates",
    "AccountMFAEnabled",
    "AccountAccessKeysPresent",
    "AccountPasswordPresent",
    "AccountSigningCertificatesPresent",
)
"""What the root user has, and what nobody can make here."""


def install() -> None:
    """MiniStack counts no versions, names no quota of roles and knows of none that was raised."""
    add_action("GetAccountSummary", _answer)


def _answer(_: Params) -> Answer:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    entries = elements([{"key": key, "value": value} for key, value in _summary().items()], "entry")
    inner = f"<GetAccountSummaryResult><SummaryMap>{entries}</SummaryMap></GetAccountSummaryResult>"
    answer: Answer = iam._xml(200, "GetAccountSummaryResponse", inner, ns="iam")  # noqa: SLF001 - its answers
    return answer


def _summary() -> dict[str, int]:
    from ministack.services import iam  # noqa: PLC0415 - the same

    devices = list(iam._mfa_devices.values())  # noqa: SLF001 - its store
    return {
        **{key: len(names(kind)) for key, kind in _COUNTED.items()},
        **{key: quota(name) for key, name in _QUOTAS.items()},
        **_FIXED,
        **dict.fromkeys(_NEVER_THERE, 0),
        "PolicyVersionsInUse": sum(len(one["Versions"]) for one in store("Policy").values()),
        "MFADevices": len(devices),
        "MFADevicesInUse": sum(device.get("User") is not None for device in devices),
        "Providers": len(iam._saml_providers) + len(iam._oidc_providers),  # noqa: SLF001 - the same
    }
