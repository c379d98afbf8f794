"""The known ways to more rights than one was given, from their data file."""

from __future__ import annotations

from functools import cache

from sec_provisioner.catalogue.store import load_yaml
from sec_provisioner.iam.escalation import EscalationPath


@cache
def escalation_paths() -> tuple[EscalationPath, ...]:
    """All of them, in the order of the file."""
    rows = load_yaml("escalation_paths.yaml")["paths"]
    return tuple(EscalationPath(row["id"], tuple(row["actions"]), row["means"], row.get("service")) for row in rows)
