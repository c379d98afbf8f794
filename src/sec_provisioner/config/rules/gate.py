"""The gate on changes of access needs access analysis, which this version does not have."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken


def check(config: Config) -> Iterator[Broken]:
    """A gate that nothing would stand at: never silently accepted."""
    gate = config.deployment.access_change_gate
    if gate != "never":
        message = f"this version can't tell changes of access, so the gate `{gate}` would let everything pass"
        hint = "Write `never`, or leave it out."
        yield Broken("gate-not-available", "deployment.access_change_gate", message, hint)
