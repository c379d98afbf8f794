"""IAM's records as its API shows them; MiniStack writes them into XML without escaping, and without RoleLastUsed.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sec_local.iam.stores import Record, attachments, boundary_uses, policy, store
from sec_local.xml import elements

View = dict[str, Any]


def install() -> None:
    """Put these views where MiniStack writes its own."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    iam._role_xml = lambda name, boundary=True: elements(  # noqa: SLF001 - its writers
        role(store("Role")[name], details=boundary)
    )
    iam._user_xml = lambda name, boundary=True: elements(user(store("User")[name], details=boundary))  # noqa: SLF001
    iam._managed_policy_xml = lambda arn, _=None: elements(managed_policy(arn))  # noqa: SLF001 - the same


def _plain(record: Record, *names: str) -> View:
    return {name: record.get(name) for name in names}


def tags(record: Record) -> list[View] | None:
    """The tags, None where there are none: the element is left out then."""
    return [{"Key": tag["Key"], "Value": tag["Value"]} for tag in record.get("Tags") or []] or None


def boundary(record: Record) -> View | None:
    """The permissions boundary, None where there is none."""
    arn = record.get("PermissionsBoundary")
    return {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn} if arn else None


def role(record: Record, *, details: bool = True) -> View:
    """A role. Lists leave out boundary, tags and last use (`details`)."""
    return {
        **_plain(record, "Path", "RoleName", "RoleId", "Arn", "CreateDate"),
        "AssumeRolePolicyDocument": encoded(record.get("AssumeRolePolicyDocument") or "{}"),
        "Description": record.get("Description") or None,
        "MaxSessionDuration": record.get("MaxSessionDuration", 3600),
        "PermissionsBoundary": boundary(record) if details else None,
        "Tags": tags(record) if details else None,
        "RoleLastUsed": record.get("RoleLastUsed") or {} if details else None,
    }


def user(record: Record, *, details: bool = True) -> View:
    """A user, with the same left out of lists."""
    return {
        **_plain(record, "Path", "UserName", "UserId", "Arn", "CreateDate"),
        "PermissionsBoundary": boundary(record) if details else None,
        "Tags": tags(record) if details else None,
    }


def managed_policy(arn: str) -> View:
    """A managed policy, the customer's or AWS's."""
    record = policy(arn) or {}
    return {
        **_plain(record, "PolicyName", "PolicyId"),
        "Arn": arn,
        "Path": record.get("Path", "/"),
        "DefaultVersionId": record.get("DefaultVersionId"),
        "AttachmentCount": attachments(arn),
        "PermissionsBoundaryUsageCount": boundary_uses(arn),
        "IsAttachable": True,
        "Description": record.get("Description") or None,
        "CreateDate": record.get("CreateDate"),
        "UpdateDate": record.get("UpdateDate", record.get("CreateDate")),
        "Tags": tags(record),
    }


def attached(record: Record) -> list[View]:
    """Name and ARN of each attached managed policy."""
    return [
        {"PolicyName": (policy(arn) or {"PolicyName": arn.rpartition("/")[2]})["PolicyName"], "PolicyArn": arn}
        for arn in record.get("AttachedPolicies", [])
    ]


def encoded(document: str) -> str:
    """Documents are URL-encoded (RFC 3986) in IAM's answers."""
    return quote(document, safe="")
