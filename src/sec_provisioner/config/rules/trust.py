"""Cross-account roles: complete before they are enabled, and open to one other account."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.config import paths
from sec_provisioner.config.model import Config, CrossAccountRole
from sec_provisioner.config.rules.rule import Broken, active

_HINTS = {
    "trusted_account": "Write the 12 digits of the account that may assume it, in quotes.",
    "external_id": "Write a long random value and give it to the other account: `openssl rand -hex 16` makes one.",
}


def check(config: Config) -> Iterator[Broken]:
    """What is missing once a role is enabled, the own account as the trusted one, roles of a third account."""
    own = config.client.account_id
    for one in active(config):
        role = config.security.cross_account_roles.get(one.key)
        if one.section == "cross_account_roles" and role is not None:
            yield from _missing(role, paths.child("security.cross_account_roles", one.key), one.path)
    for key, role in config.security.cross_account_roles.items():
        path = paths.child("security.cross_account_roles", key)
        if role.trusted_account == own:
            message = "the trusted account is the config's own account"
            hint = "Name the other account, or use an assumable role for people of this one."
            yield Broken("trusted-account-is-own", f"{path}.trusted_account", message, hint)
        yield from _trusted_roles(role, path)


def _missing(role: CrossAccountRole, path: str, enabled_at: str) -> Iterator[Broken]:
    for field, hint in _HINTS.items():
        if getattr(role, field) is None:
            message = f"`{field}` is missing, and the role is enabled at `{enabled_at}`"
            yield Broken("incomplete-trust", f"{path}.{field}", message, hint)


def _trusted_roles(role: CrossAccountRole, path: str) -> Iterator[Broken]:
    for index, arn in enumerate(role.trusted_roles):
        account = arn.split(":")[4]
        if role.trusted_account is not None and account != role.trusted_account:
            message = f"`{arn}` is a role of the account {account}, not of the trusted account {role.trusted_account}"
            hint = "One cross-account role trusts one account: write another role for the other one."
            yield Broken("role-of-third-account", paths.item(f"{path}.trusted_roles", index), message, hint)
