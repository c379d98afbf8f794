"""A tier fixes which ready-made groups and roles may be enabled; ones of the user's own may be in any tier."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.catalogue.tiers import smallest_tier_with, tiers
from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken, enabled
from sec_provisioner.config.rules.unused import built_in_kind


def check(config: Config) -> Iterator[Broken]:
    """The tier's version, and enabled groups and roles of a larger tier."""
    tier = tiers()[config.tier.name]
    if config.tier.version != tier.version:
        message = f"`{config.tier.version}` is not the version of the tier {tier.name}"
        yield Broken("tier-version", "tier.version", message, f"Write {tier.version}.")
    for one in enabled(config):
        kind = built_in_kind(one.section)
        needed = smallest_tier_with(kind, one.key)
        if needed is None or one.key in getattr(tier, kind):
            continue
        message = f"`{one.key}` comes with the tier {needed} ({tiers()[needed].version}); this config is {tier.version}"
        hint = f"Take it out, use the tier {needed}, or define one of your own under another key."
        yield Broken("not-in-tier", one.path, message, hint)
