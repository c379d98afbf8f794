"""The condition keys that every request has: who asks, from where, when, and whose the resource is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sec_local.enforcement.context import Context, Values
from sec_local.enforcement.entities import Entity, entity_of
from sec_local.enforcement.principals import Principal
from sec_local.iam import stores

if TYPE_CHECKING:
    from sec_local.call import Call

_TYPES = {
    "root": "Account",
    "user": "User",
    "role": "AssumedRole",
    "federated": "FederatedUser",
    "service": "Service",
    "anonymous": "Anonymous",
}
_ACCOUNT_FIELD = 4


def keys_of_principal(principal: Principal) -> Context:
    """Its ARN, account, type, ids and tags. The store of the principal's account must be the current one."""
    entity = entity_of(principal.entity)
    keys: dict[str, Values | None] = {
        "aws:PrincipalArn": principal.entity,
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalType": _TYPES[principal.kind],
        "aws:userid": principal.unique_id or (principal.account if principal.is_root else None),
        "aws:username": entity.name if entity and principal.kind == "user" else None,
    }
    tags = tags_of(entity) if entity else {}
    return Context(keys | {f"aws:PrincipalTag/{key}": value for key, value in tags.items()})


def tags_of(entity: Entity) -> dict[str, str]:
    """The tags of a user or role."""
    record = stores.store(entity.kind).get(entity.name) or {}
    return {tag["Key"]: tag["Value"] for tag in record.get("Tags") or []}


def keys_of_resource(resource: str, owner: str) -> Context:
    """Whose it is: the account that its ARN names, else `owner`; nothing for what has no ARN."""
    fields = resource.split(":")
    if len(fields) <= _ACCOUNT_FIELD + 1:
        return Context()
    account = fields[_ACCOUNT_FIELD] or owner
    is_of_s3 = fields[2].startswith("s3")
    return Context({"aws:ResourceAccount": account, "s3:ResourceAccount": account if is_of_s3 else None})


def keys_of_time() -> Context:
    """Now, in both forms."""
    now = datetime.now(UTC)
    return Context({"aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "aws:EpochTime": str(int(now.timestamp()))})


def session_tags(session: Mapping[str, Any]) -> Context:
    """The tags that a session was given, before those of its user or role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
    return Context({f"aws:PrincipalTag/{tag['Key']}": tag["Value"] for tag in session.get("SessionTags") or []})


def keys_of_call(call: Call) -> Context:
    """From where, when and how it came.

    Over HTTP on the loopback interface nothing is encrypted: what arrives counts as TLS unless `X-Forwarded-Proto`
    says otherwise, and as coming from 127.0.0.1 unless `X-Forwarded-For` does.
    """
    is_plain = call.headers.get("x-forwarded-proto", "https").lower() == "http"
    source = call.headers.get("x-forwarded-for", "127.0.0.1").partition(",")[0].strip()
    keys: dict[str, Values | None] = {
        "aws:SourceIp": source,
        "aws:SecureTransport": str(not is_plain).lower(),
        "aws:RequestedRegion": region_of(call.service, call.region),
        "aws:UserAgent": call.headers.get("user-agent"),
        "aws:Referer": call.headers.get("referer"),
        "aws:ViaAWSService": "false",
        "aws:PrincipalIsAWSService": "false",
    }
    return Context(keys) | keys_of_time()


def region_of(service: str, region: str) -> str:
    """IAM has one endpoint for all regions.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    return "us-east-1" if service == "iam" else region
