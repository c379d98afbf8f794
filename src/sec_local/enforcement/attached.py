"""The policies of users, groups and roles, read from MiniStack's stores in the current account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sec_local.enforcement.statements import Kind, Policy
from sec_local.iam import stores

_KINDS: dict[str, Kind] = {"User": "user", "Group": "group", "Role": "role"}


def policies_of(kind: str, name: str) -> tuple[Policy, ...]:
    """The identity policies of a user, group or role; a user has those of its groups as well.

    Args:
        kind: `User`, `Group` or `Role`.
        name: one that does not exist has no policies.
    """
    groups = [group["GroupName"] for group in stores.groups_of(name)] if kind == "User" else []
    return (*_own(kind, name), *(policy for group in groups for policy in _own("Group", group)))


def boundary_of(kind: str, name: str) -> tuple[Policy, ...] | None:
    """The permissions boundary; None where there is none, empty (nothing is allowed) where it is gone."""
    arn = (stores.store(kind).get(name) or {}).get("PermissionsBoundary")
    return tuple(managed([arn])) if arn else None


def managed(arns: Iterable[str]) -> Iterator[Policy]:
    """The default versions of managed policies; what does not exist is left out."""
    for arn in arns:
        record = stores.policy(arn)
        if record is not None:
            kind: Kind = "aws-managed" if ":iam::aws:policy/" in arn else "user-managed"
            yield Policy(record["PolicyName"], kind, record["Versions"][record["DefaultVersionId"]]["Document"])


def _own(kind: str, name: str) -> Iterator[Policy]:
    record = stores.store(kind).get(name) or {}
    for policy_name, document in stores.inline_policies(kind, name).items():
        yield Policy(f"{kind.lower()}_{name}_{policy_name}", _KINDS[kind], document)
    yield from managed(record.get("AttachedPolicies", []))
