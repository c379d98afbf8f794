"""Principals of trust policies: their form, and that those of one's own account exist.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from sec_local.iam.stores import store
from sec_local.iam.wire import Answer, Params, parameter, replace_action
from sec_local.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MADE_AT = "_sec_local_made_at"
_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_ACCOUNT = re.compile(r"\d{12}")
_SERVICE = re.compile(r"[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|internal)")
_ARN = re.compile(
    r"arn:(?P<partition>aws|aws-cn|aws-us-gov|aws-iso[a-z-]*|aws-eusc):(iam|sts)::(?P<account>\d{12}|cloudfront):"
    r"(?P<what>root|(?P<kind>user|role|assumed-role|federated-user)/(?P<name>[\x21-\x7e]+))"
)


def install() -> None:
    """Note when users and roles are made: a new one is not known everywhere at once."""
    for kind in ("User", "Role"):
        replace_action(f"Create{kind}", _noting(kind))


def _noting(kind: str) -> Callable[[Callable[[Params], Answer]], Callable[[Params], Answer]]:
    def wrap(create: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
        def creating(params: Params) -> Answer:
            answer = create(params)
            record = store(kind).get(parameter(params, f"{kind}Name"))
            if record is not None:
                record.setdefault(_MADE_AT, time.time())
            return answer

        return creating

    return wrap


def problems(principal: Any) -> Iterator[str]:
    """What IAM would refuse about the Principal element of a trust policy."""
    if principal == "*":
        return
    if not isinstance(principal, dict) or not principal or set(principal) - set(_TYPES):
        yield "Syntax errors in policy."
        return
    for kind, values in principal.items():
        if values == []:
            yield "Syntax errors in policy."
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
    # What a deleted user or role leaves behind: see `trusted_ids`.
    if re.fullmatch(r"A(ROA|IDA)[A-Z0-9]{16,}", value):
        return kind == "AWS"
    if kind == "CanonicalUser" or value == "*" or _ACCOUNT.fullmatch(value):
        return True
    arn = _ARN.fullmatch(value)
    return arn is not None and _exists(arn)


def _exists(arn: re.Match[str]) -> bool:
    """A user or role of the account itself must be there; other accounts can't be asked."""
    from ministack.core.responses import get_account_id  # noqa: PLC0415 - MiniStack is imported on first use

    if arn["name"] and "*" in arn["name"]:
        return False
    if arn["account"] != get_account_id() or arn["kind"] not in ("user", "role"):
        return True
    records = store("User" if arn["kind"] == "user" else "Role")
    named = [one for one in records.values() if one["Arn"].partition(":iam::")[2] == arn[0].partition(":iam::")[2]]
    return any(time.time() >= record.get(_MADE_AT, 0.0) + SETTINGS.principal_delay for record in named)
