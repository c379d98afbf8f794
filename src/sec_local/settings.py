"""Switches that change how the local AWS behaves while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Settings:
    """One per process; set in process, or over HTTP with `PUT /_local/settings`."""

    delay: float = 0.0
    """Seconds that creating, changing or deleting one resource of a stack takes. 0: done before the first poll."""
    express: bool = True
    """Whether `DeploymentConfig` is known; False refuses it as endpoints do that do not have it yet."""
    change_set_gaps: bool = False
    """With property values, leave out the status reason and changes of JSON-typed properties, as users met it."""
    quotas: dict[str, int] = field(default_factory=dict)
    """IAM quotas that were raised on request, by the names of `sec_local.iam.quotas`."""


SETTINGS = Settings()
