"""Members of groups, kept while their groups are deleted. The values only: who writes files is another's business.

{"schema_version": 1, "kind": "members", "stem", "account_id", "saved", "restored": time | null,
 "groups": {group: [user]}}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sec_provisioner.failures.members import MEMBERS_FILE_BROKEN, MEMBERS_NOT_JSON, NO_MEMBERS_IN_FILE

KIND = "members"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Membership:
    """One user in one group."""

    group: str
    user: str


@dataclass(frozen=True)
class SavedMembers:
    """The content of one file of members. Times are UTC, `20261123T060000Z`."""

    stem: str
    account_id: str
    saved: str
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    restored: str | None = None
    taken_into: str | None = None
    """A later file that has these members, too; this one is history then."""

    @property
    def is_waiting(self) -> bool:
        """Whether its members were neither put back nor taken into another file."""
        return self.restored is None and self.taken_into is None

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """Every user of every group, sorted."""
        return tuple(Membership(group, user) for group in sorted(self.groups) for user in sorted(self.groups[group]))


def united(parts: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Group -> all users that any of the parts has for it, sorted."""
    found: dict[str, set[str]] = {}
    for part in parts:
        for group, users in part.items():
            found.setdefault(group, set()).update(users)
    return {group: tuple(sorted(users)) for group, users in sorted(found.items())}


def render_members(members: SavedMembers) -> str:
    """The text of a file of members."""
    value = {
        "schema_version": SCHEMA_VERSION,
        "kind": KIND,
        "stem": members.stem,
        "account_id": members.account_id,
        "saved": members.saved,
        "restored": members.restored,
        "taken_into": members.taken_into,
        "groups": {group: list(users) for group, users in members.groups.items()},
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def parse_members(text: str | bytes, file: str) -> SavedMembers:
    """A file of members, read.

    Raises:
        UsageError: it is no such file; the message names it.
    """
    try:
        value: Any = json.loads(text)
    except ValueError as error:
        raise MEMBERS_NOT_JSON(file=file, told=error) from error
    if not isinstance(value, dict) or value.get("kind") != KIND or value.get("schema_version") != SCHEMA_VERSION:
        raise NO_MEMBERS_IN_FILE(file=file)
    groups: Any = value.get("groups")
    if not _is_groups(groups):
        raise MEMBERS_FILE_BROKEN(file=file)
    return SavedMembers(
        stem=str(value.get("stem", "")),
        account_id=str(value.get("account_id", "")),
        saved=str(value.get("saved", "")),
        groups={group: tuple(users) for group, users in groups.items()},
        restored=value.get("restored"),
        taken_into=value.get("taken_into"),
    )


def _is_groups(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(users, list) and all(isinstance(user, str) for user in users) for users in value.values()
    )
