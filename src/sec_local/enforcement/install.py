"""Put the engine beside MiniStack's IAM and STS. It asks nobody anything before `Settings.enforce` is on."""

from __future__ import annotations

from sec_local.enforcement import access_keys, mfa, simulation


def install() -> None:
    """Called once, when IAM is first asked for."""
    for part in (simulation, access_keys, mfa):
        part.install()
