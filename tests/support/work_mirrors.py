"""Roles that mirror a group: they have its policies, but for what only a member as such can use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from support.configs import parsed
from support.work import config_text


@cache
def mirrors() -> Mapping[str, str]:
    """Role -> the group that it mirrors."""
    roles = parsed(config_text()).security.assumable_roles
    return {key: role.mirrors_group for key, role in roles.items() if role.mirrors_group}
