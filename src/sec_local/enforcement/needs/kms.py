"""KMS keys that a service uses for the caller.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

from typing import Any

from sec_local.enforcement.caller import Caller
from sec_local.enforcement.context import Context
from sec_local.enforcement.need import Need
from sec_local.enforcement.statements import Policy

_OF_AWS = "alias/aws/"


def needs(action: str, key_id: str, region: str, caller: Caller, *, by: str) -> list[Need]:
    """The action on the key. A key of AWS's own lets everybody of the account use it through its service."""
    account = caller.principal.account
    if not key_id or _OF_AWS in key_id:
        return []
    arn, record = _resolved(key_id, region, account)
    keys = Context(
        {
            "kms:ViaService": f"{by}.{region}.amazonaws.com",
            "kms:CallerAccount": account,
            "kms:ResourceAliases": tuple(_aliases(arn, region, account)) or None,
        }
    )
    text = (record or {}).get("Policy")
    policy = Policy(arn, "resource", text) if text else None
    return [Need(action, arn, keys, policy=policy, is_granted_by_all=policy is not None)]


def _resolved(key_id: str, region: str, account: str) -> tuple[str, dict[str, Any] | None]:
    """The key's ARN and what MiniStack has of it; the key may be told by its id, its alias or either's ARN."""
    from ministack.services import kms  # noqa: PLC0415 - MiniStack is imported on first use

    prefix = f"arn:aws:kms:{region}:{account}:"
    if "alias/" in key_id:
        alias = key_id if key_id.startswith("arn:") else prefix + key_id
        key_id = str(kms._aliases.get(alias, key_id))  # noqa: SLF001 - its store
    bare = key_id.rpartition("/")[2]
    record: dict[str, Any] | None = kms._keys.get(bare)  # noqa: SLF001 - the same
    return (key_id if key_id.startswith("arn:") else f"{prefix}key/{bare}"), record


def _aliases(arn: str, region: str, account: str) -> list[str]:
    from ministack.services import kms  # noqa: PLC0415 - the same

    bare, prefix = arn.rpartition("/")[2], f"arn:aws:kms:{region}:{account}:"
    return [alias.removeprefix(prefix) for alias, key in kms._aliases.items() if key.rpartition("/")[2] == bare]  # noqa: SLF001
