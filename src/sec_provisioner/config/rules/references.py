"""What the config refers to must be there: the active profile, enabled groups and roles, roles to assume."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.config import paths
from sec_provisioner.config.model import Config
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.rules.rule import Broken, defined, enabled


def check(config: Config) -> Iterator[Broken]:
    """Names that lead nowhere."""
    yield from _profile(config)
    yield from _enabled(config)
    yield from _assumable(config)


def _profile(config: Config) -> Iterator[Broken]:
    name = config.security_profile_name
    if name in config.security_profiles:
        return
    chosen = config.deployment.security_profile is not None
    path = "deployment.security_profile" if chosen else "security_profiles"
    message = f"there is no security profile `{name}`" + ("" if chosen else ", which is the tier's name")
    yield Broken("unknown-profile", path, message, suggestion(name, config.security_profiles, "There are"))


def _enabled(config: Config) -> Iterator[Broken]:
    for one in enabled(config):
        known = defined(config, one.section)
        if one.key not in known:
            message = f"`{one.key}` is enabled but not defined in `security.{one.section}`"
            yield Broken("undefined-reference", one.path, message, suggestion(one.key, known, "Defined there"))


def _assumable(config: Config) -> Iterator[Broken]:
    known = config.security.assumable_roles
    for group, body in config.security.iam_groups.items():
        place = f"{paths.child('security.iam_groups', group)}.assumable_roles"
        for index, role in enumerate(body.assumable_roles):
            if role not in known:
                message = f"`{role}` is not defined in `security.assumable_roles`"
                hint = suggestion(role, known, "Defined there")
                yield Broken("undefined-reference", paths.item(place, index), message, hint)
