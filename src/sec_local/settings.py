"""Switches that change how the local AWS behaves while it runs."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Settings:
    """One per process; set in process, or over HTTP with `PUT /_local/settings`."""

    delay: float = 0.0
    """Seconds that creating, changing or deleting one resource of a stack takes. 0: done before the first poll."""
    principal_delay: float = 0.0
    """Seconds that a new user or role is not yet valid as a principal of a trust policy."""
    express: bool = True
    """Whether `DeploymentConfig` is known; False refuses it as endpoints do that do not have it yet."""
    change_set_gaps: bool = False
    """With property values, leave out the status reason and changes of JSON-typed properties, as users met it."""
    enforce: bool = False
    """Whether IAM's policies decide who may do what; off, everybody may do everything."""
    quotas: dict[str, int] = field(default_factory=dict)
    """IAM quotas that were raised on request, by the names of `sec_local.iam.quotas`."""


SETTINGS = Settings()
_at_start: dict[str, Any] = {}

_TEST_KEY = "test"
ADMINISTRATORS = {_TEST_KEY}
"""Access keys that may do everything in the default account: that one, as with other local AWSs, and the key that was
in the environment of whoever started this one."""

_ENFORCE = "AUTH"
"""MiniStack's own variable for its own enforcement, in whose place ours stands."""


def start_with(*, enforce: bool = False) -> None:
    """How the switches are at the start, and after each reset. `AUTH=true` in the environment turns enforcement on.

    Call it before MiniStack is imported: its own enforcement stays off.
    """
    asked = os.environ.pop(_ENFORCE, "").lower() == "true"
    _at_start["enforce"] = enforce or asked
    ADMINISTRATORS.add(os.environ.get("AWS_ACCESS_KEY_ID") or _TEST_KEY)
    reset()


def reset() -> None:
    """Every switch as it was at the start."""
    for name, value in asdict(Settings(**_at_start)).items():
        setattr(SETTINGS, name, value)
