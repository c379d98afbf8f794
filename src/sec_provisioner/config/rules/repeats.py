"""A key listed twice in one list: harmless, and never meant."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken, enabled
from sec_provisioner.problem import Severity


def check(config: Config) -> Iterator[Broken]:
    """Repeated entries of the profiles' lists."""
    seen: set[tuple[str, str, str]] = set()
    for one in enabled(config):
        entry = (one.profile, one.section, one.key)
        if entry in seen:
            message = f"`{one.key}` stands in this list already"
            yield Broken("listed-twice", one.path, message, "Delete one of the two.", Severity.WARNING)
        seen.add(entry)
