"""Who may assume a role: a role that nobody may assume, or one to be assumed that is not deployed, is a mistake."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.config import paths
from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken, active
from sec_provisioner.problem import Severity


def check(config: Config) -> Iterator[Broken]:
    """Both directions between the deployed groups and the deployed assumable roles."""
    entries = active(config)
    groups = [one.key for one in entries if one.section == "iam_groups" and one.key in config.security.iam_groups]
    roles = {one.key: one.path for one in entries if one.section == "assumable_roles"}
    named: set[str] = set()
    for group in groups:
        assumable = config.security.iam_groups[group].assumable_roles
        named.update(assumable)
        yield from _not_enabled(config, group, assumable, roles)
    for role, path in roles.items():
        if role in config.security.assumable_roles and role not in named:
            message = f"no enabled group lists `{role}` among its `assumable_roles`, so nobody is meant to assume it"
            hint = "List it in a group, or take it out of the profile."
            yield Broken("role-nobody-may-assume", path, message, hint, Severity.WARNING)


def _not_enabled(
    config: Config, group: str, assumable: tuple[str, ...], enabled_roles: dict[str, str]
) -> Iterator[Broken]:
    place = f"{paths.child('security.iam_groups', group)}.assumable_roles"
    for index, role in enumerate(assumable):
        if role in config.security.assumable_roles and role not in enabled_roles:
            profile = paths.child("security_profiles", config.security_profile_name)
            message = f"`{role}` is not enabled, so this group can't assume it"
            hint = f"Add it to `{profile}.enabled_assumable_roles`, or take it out here."
            yield Broken("assumable-role-not-enabled", paths.item(place, index), message, hint, Severity.WARNING)
