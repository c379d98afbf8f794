"""Permissions boundaries name a policy that exists.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from sec_local.iam.stores import policy, store
from sec_local.iam.wire import Answer, Check, Params, error, guard, parameter


def install() -> None:
    """MiniStack checks this only where it enforces IAM."""
    for kind in ("Role", "User"):
        guard((f"Create{kind}", f"Put{kind}PermissionsBoundary"), _check)
        guard((f"Delete{kind}PermissionsBoundary",), _absent(kind))


def _check(params: Params) -> Answer | None:
    arn = parameter(params, "PermissionsBoundary")
    if not arn:
        return None
    if not arn.startswith("arn:"):
        return error("ValidationError", "Invalid ARN:  Could not be parsed!")
    if policy(arn) is None:
        return error("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)
    return None


def _absent(kind: str) -> Check:
    def check(params: Params) -> Answer | None:
        record = store(kind).get(parameter(params, f"{kind}Name"))
        if record is None or record.get("PermissionsBoundary"):
            return None
        return error("NoSuchEntity", f"Principal {record[f'{kind}Id']} does not have scope", 404)

    return check
