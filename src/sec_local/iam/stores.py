"""MiniStack's IAM records by kind, for everything that asks about more than one of them."""

from __future__ import annotations

from typing import Any

KINDS = ("User", "Group", "Role")
"""What policies can be attached to."""

Record = dict[str, Any]


def store(kind: str) -> Any:
    """All records of a kind in the current account, by name: `User`, `Group`, `Role`, `InstanceProfile`, `Policy`."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    return {
        "User": iam._users,  # noqa: SLF001 - its stores
        "Group": iam._groups,  # noqa: SLF001 - the same
        "Role": iam._roles,  # noqa: SLF001 - the same
        "InstanceProfile": iam._instance_profiles,  # noqa: SLF001 - the same
        "Policy": iam._policies,  # noqa: SLF001 - the same; by ARN
    }[kind]


def names(kind: str) -> list[str]:
    """The names of all records of a kind in the current account; policies' ARNs.

    Each creation asks for them: MiniStack's own walk asks whose a record is once per record.
    """
    from ministack.core.responses import get_account_id  # noqa: PLC0415 - the same

    account = get_account_id()
    return [name for owner, name in list(store(kind)._data) if owner == account]  # noqa: SLF001 - its records


def inline_policies(kind: str, name: str) -> dict[str, str]:
    """Name and document of each inline policy of a user, group or role."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    if kind == "Role":
        found = (iam._roles.get(name) or {}).get("InlinePolicies")  # noqa: SLF001 - its stores
    else:
        found = (iam._user_inline_policies if kind == "User" else iam._group_inline_policies).get(name)  # noqa: SLF001
    return found or {}


def groups_of(user: str) -> list[Record]:
    """The groups that a user is in."""
    return [group for group in store("Group").values() if user in group.get("Users", [])]


def policy(arn: str) -> Record | None:
    """A customer's or AWS's managed policy."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    found: Record | None = iam._lookup_policy(arn)  # noqa: SLF001 - its lookup
    return found


def boundary_uses(arn: str) -> int:
    """How many users and roles have the policy as their permissions boundary."""
    records = [*store("User").values(), *store("Role").values()]
    return sum(record.get("PermissionsBoundary") == arn for record in records)


def attachments(arn: str) -> int:
    """How many users, groups and roles the policy is attached to."""
    return sum(arn in record.get("AttachedPolicies", []) for kind in KINDS for record in store(kind).values())
