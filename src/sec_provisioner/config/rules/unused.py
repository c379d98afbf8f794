"""Groups and roles of the user's own that no profile enables: most often a forgotten line."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.catalogue.tiers import smallest_tier_with
from sec_provisioner.config.model import KINDS, Config
from sec_provisioner.config.rules.rule import Broken, enabled, holders
from sec_provisioner.problem import Severity


def check(config: Config) -> Iterator[Broken]:
    """What is defined and enabled nowhere. What the masters bring along may stay unused."""
    used = {(one.section, one.key) for one in enabled(config)}
    for section, path, _ in holders(config):
        key = path.rpartition(".")[2]
        if (section, key) in used or smallest_tier_with(built_in_kind(section), key):
            continue
        message = f"`{key}` is defined but enabled in no profile"
        hint = f"Add it to `{KINDS[section]}` of a profile, or delete it."
        yield Broken("never-enabled", path, message, hint, Severity.WARNING, at_key=True)


def built_in_kind(section: str) -> str:
    """What the catalogue of tiers calls a section of `security`."""
    return "groups" if section == "iam_groups" else section
