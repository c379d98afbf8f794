"""Put our IAM in front of MiniStack's, part by part."""

from __future__ import annotations

from sec_local.iam import groups, managed_policies


def install() -> None:
    """Called once, when IAM is first asked for."""
    for part in (managed_policies, groups):
        part.install()
