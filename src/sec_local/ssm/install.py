"""Put our Parameter Store in place of MiniStack's, part by part."""

from __future__ import annotations

from sec_local.ssm import labels, lookups, puts, versions


def install() -> None:
    """Called once, when Parameter Store is first asked for."""
    for part in (versions, puts, labels, lookups):
        part.install()
