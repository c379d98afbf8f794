"""Names are unique without regard to case, and policies' across paths.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
"""

from __future__ import annotations

from sec_local.iam.stores import names
from sec_local.iam.wire import Answer, Check, Params, error, guard, parameter

_TEXTS = {
    "User": "User with name {} already exists.",
    "Group": "Group with name {} already exists.",
    "Role": "Role with name {} already exists.",
    "InstanceProfile": "Instance Profile {} already exists.",
    "Policy": "A policy called {} already exists. Duplicate names are not allowed.",
}


def install() -> None:
    """Guard every creation."""
    for kind in _TEXTS:
        guard((f"Create{kind}",), _check(kind))


def _check(kind: str) -> Check:
    def check(params: Params) -> Answer | None:
        name = parameter(params, f"{kind}Name")
        wanted = name.lower()
        taken = any(one.rpartition("/")[2].lower() == wanted for one in names(kind))
        return error("EntityAlreadyExists", _TEXTS[kind].format(name), 409) if taken else None

    return check
