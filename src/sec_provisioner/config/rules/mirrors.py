"""A mirror role has a group's permissions, and none of its own."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.config import paths
from sec_provisioner.config.model import AssumableRole, Config
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.rules.rule import Broken

_OWN = ("policy_assignments", "managed_policies", "statements")


def check(config: Config) -> Iterator[Broken]:
    """Mirrors of nothing, of other roles, and mirrors with permissions of their own."""
    for key, role in config.security.assumable_roles.items():
        if role.mirrors_group is not None:
            path = paths.child("security.assumable_roles", key)
            yield from _mirrored(config, key, role.mirrors_group, f"{path}.mirrors_group")
            yield from _own_permissions(role, path)


def _mirrored(config: Config, key: str, group: str, path: str) -> Iterator[Broken]:
    if group in config.security.iam_groups:
        return
    if group in config.security.assumable_roles:
        what = "itself" if group == key else f"the role `{group}`"
        ends = " and so leads back to itself" if _leads_back(config, key) else ""
        message = f"a mirror shows a group; this one names {what}{ends}"
        known = suggestion(group, config.security.iam_groups, "Groups")
        yield Broken("mirror-of-a-role", path, message, known)
        return
    message = f"there is no group `{group}` to mirror"
    yield Broken("mirror-of-nothing", path, message, suggestion(group, config.security.iam_groups, "Groups"))


def _leads_back(config: Config, key: str) -> bool:
    """Whether the mirrors, followed one by one, come round to where they began."""
    seen: set[str] = set()
    role: AssumableRole | None = config.security.assumable_roles[key]
    while role is not None and role.mirrors_group is not None and role.mirrors_group not in seen:
        if role.mirrors_group == key:
            return True
        seen.add(role.mirrors_group)
        role = config.security.assumable_roles.get(role.mirrors_group)
    return False


def _own_permissions(role: AssumableRole, path: str) -> Iterator[Broken]:
    for field in _OWN:
        if getattr(role, field):
            message = f"a mirror role has the group's permissions; its own `{field}` would be ignored"
            hint = "Delete them here, or delete `mirrors_group` and write out what the role may do."
            yield Broken("mirror-with-own-permissions", f"{path}.{field}", message, hint, at_key=True)
