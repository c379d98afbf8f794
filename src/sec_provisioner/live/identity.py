"""The IAM of an account as it is at one moment: who calls, and the groups, roles, users and policies there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_MAX_VERSIONS = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose credentials these are."""

    account_id: str
    arn: str

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn`, `aws-us-gov`."""
        return self.arn.split(":")[1]

    @property
    def principal(self) -> str:
        """`user/anna`, `assumed-role/operator`: without the session's name, which differs from run to run."""
        kind, _, name = self.arn.split(":", 5)[5].partition("/")
        return f"{kind}/{name.split('/')[0]}" if kind == "assumed-role" else f"{kind}/{name}".rstrip("/")


@dataclass(frozen=True, slots=True)
class LiveGroup:
    """A group; `inline` is policy name -> document, `attached` the ARNs of managed policies."""

    name: str
    arn: str
    path: str = "/"
    inline: Mapping[str, Any] = field(default_factory=dict)
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveRole:
    """A role; documents are values, not text."""

    name: str
    arn: str
    path: str = "/"
    trust: Mapping[str, Any] = field(default_factory=dict)
    inline: Mapping[str, Any] = field(default_factory=dict)
    attached: tuple[str, ...] = ()
    boundary: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    last_used: datetime | None = None
    instance_profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveUser:
    """A user, as far as groups and policies hang on it."""

    name: str
    arn: str
    groups: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    boundary: str | None = None


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """A customer managed policy. `document` is that of the default version."""

    name: str
    arn: str
    path: str = "/"
    document: Mapping[str, Any] = field(default_factory=dict)
    default_version: str = "v1"
    other_versions: tuple[str, ...] = ()
    """The rest, as AWS lists them."""
    other_documents: Mapping[str, Any] = field(default_factory=dict)
    """What they say, by version."""

    def in_the_way_of(self, more: int) -> tuple[str, ...]:
        """The versions, oldest first, that must go to make room for that many new ones.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
        """
        excess = 1 + len(self.other_versions) + more - _MAX_VERSIONS
        oldest_first = sorted(self.other_versions, key=lambda one: int(one.removeprefix("v")))
        return tuple(oldest_first[: max(excess, 0)])


@dataclass(frozen=True)
class LiveAccount:
    """All IAM of one account. Names are unique in it without regard to case."""

    groups: tuple[LiveGroup, ...] = ()
    roles: tuple[LiveRole, ...] = ()
    users: tuple[LiveUser, ...] = ()
    policies: tuple[LivePolicy, ...] = ()

    def members_of(self, group: str) -> tuple[str, ...]:
        """The names of the users in a group, sorted."""
        return tuple(sorted(one.name for one in self.users if group in one.groups))

    @property
    def principals(self) -> Iterator[LiveGroup | LiveRole | LiveUser]:
        """Everybody a policy can be attached to."""
        yield from self.groups
        yield from self.roles
        yield from self.users
