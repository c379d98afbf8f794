"""Principals of trust policies: their form, and that those of one's own account exist.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sec_local.iam.stores import store

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_ACCOUNT = re.compile(r"\d{12}")
_SERVICE = re.compile(r"[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|internal)")
_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(iam|sts)::(?P<account>\d{12}|cloudfront):"
    r"(?P<what>root|(?P<kind>user|role|assumed-role|federated-user)/(?P<name>[\x21-\x7e]+))"
)


def problems(principal: Any) -> Iterator[str]:
    """What IAM would refuse about the Principal element of a trust policy."""
    if principal == "*":
        return
    if not isinstance(principal, dict) or not principal or set(principal) - set(_TYPES):
        yield "Syntax errors in policy."
        return
    for kind, values in principal.items():
        for value in values if isinstance(values, list) else [values]:
            if not _is_valid(kind, value):
                yield f'Invalid principal in policy: "{kind}":"{value}"'


def _is_valid(kind: str, value: Any) -> bool:
    if not isinstance(value, str) or not value:
        return False
    if kind == "Service":
        return bool(_SERVICE.fullmatch(value))
    if kind == "Federated":
        return value.startswith("arn:") or "." in value
    if kind == "CanonicalUser" or value == "*" or _ACCOUNT.fullmatch(value):
        return True
    arn = _ARN.fullmatch(value)
    return arn is not None and _exists(arn)


def _exists(arn: re.Match[str]) -> bool:
    """A user or role of the account itself must be there; other accounts can't be asked."""
    from ministack.core.responses import get_account_id  # noqa: PLC0415 - MiniStack is imported on first use

    if arn["account"] != get_account_id() or arn["kind"] not in ("user", "role"):
        return True
    if "*" in arn["name"]:
        return False
    records = store("User" if arn["kind"] == "user" else "Role")
    return any(record["Arn"].partition(":iam::")[2] == arn[0].partition(":iam::")[2] for record in records.values())
