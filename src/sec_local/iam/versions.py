"""Versions of a policy: SetDefaultPolicyVersion, which MiniStack lacks, and their list with the newest first.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
"""

from __future__ import annotations

from typing import Any

from sec_local.iam.stores import Record, policy, store
from sec_local.iam.wire import Answer, Params, add_action, error, parameter, result


def install() -> None:
    """Add both actions."""
    add_action("SetDefaultPolicyVersion", _set_default)
    add_action("ListPolicyVersions", _list)


def newest_first(record: Record) -> list[dict[str, Any]]:
    """The versions of a policy, the youngest at the head."""
    return sorted(record["Versions"].values(), key=lambda version: -int(version["VersionId"].removeprefix("v")))


def _list(params: Params) -> Answer:
    arn = parameter(params, "PolicyArn")
    record = policy(arn)
    if record is None:
        return _missing(arn)
    names = ("VersionId", "IsDefaultVersion", "CreateDate")
    shown = [{name: version[name] for name in names} for version in newest_first(record)]
    return result("ListPolicyVersions", Versions=shown, IsTruncated=False)


def _missing(arn: str) -> Answer:
    return error("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)


def _set_default(params: Params) -> Answer:
    from ministack.core.responses import now_iso  # noqa: PLC0415 - MiniStack is imported on first use

    arn, wanted = parameter(params, "PolicyArn"), parameter(params, "VersionId")
    record = store("Policy").get(arn)
    if record is None:
        return _missing(arn)
    if wanted not in record["Versions"]:
        message = f"Policy {arn} version {wanted} does not exist or is not attachable."
        return error("NoSuchEntity", message, 404)
    for version_id, version in record["Versions"].items():
        version["IsDefaultVersion"] = version_id == wanted
    record["DefaultVersionId"], record["UpdateDate"] = wanted, now_iso()
    return result("SetDefaultPolicyVersion")
