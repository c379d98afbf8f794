"""Names that IAM takes for the same: `_` becomes `-` in a name, and all kinds of roles share their names."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken, Enabled, enabled
from sec_provisioner.naming import dashed

_Taken = dict[tuple[str, str, str], Enabled]


def check(config: Config) -> Iterator[Broken]:
    """Two enabled groups, or two enabled roles of whatever kind, with one name. IAM does not regard case."""
    taken: _Taken = {}
    roles_based = config.deployment.security_model == "roles-based"
    for one in enabled(config):
        kind = "group" if one.section == "iam_groups" else "role"
        yield from _take(taken, kind, one)
        if roles_based and kind == "group":
            # The group's own role, which holds its permissions.
            taken.setdefault((one.profile, "role", dashed(one.key).casefold()), one)


def _take(taken: _Taken, kind: str, one: Enabled) -> Iterator[Broken]:
    first = taken.setdefault((one.profile, kind, dashed(one.key).casefold()), one)
    if (first.section, first.key) == (one.section, one.key):
        return
    if kind == "role" and first.section == "iam_groups":
        message = (
            f"the role of the group `{first.key}` (security_model roles-based) has the name of the role `{one.key}`"
        )
        yield Broken("role-has-group-key", one.path, message, "Give one of the two another key.")
        return
    message = f"`{one.key}` (security.{one.section}) and `{first.key}` (security.{first.section}) get the same IAM name"
    yield Broken("name-clash", one.path, message, "Give one of the two another key.")
