"""What is live beside the account's IAM details: role settings, parameters, and all of it at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sec_provisioner.live.identity import LiveAccount

DEFAULT_SESSION_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class RoleSettings:
    """What only ListRoles tells of a role; the duration is in seconds."""

    description: str = ""
    max_session_duration: int = DEFAULT_SESSION_SECONDS


@dataclass(frozen=True, slots=True)
class LiveParameter:
    """An SSM parameter."""

    name: str
    type: str
    value: str


@dataclass(frozen=True)
class LiveState:
    """Everything that drift is looked for in."""

    account: LiveAccount
    settings: Mapping[str, RoleSettings] = field(default_factory=dict)
    """By role name."""
    parameters: tuple[LiveParameter, ...] = ()
    """All below the paths of the template's parameters."""
