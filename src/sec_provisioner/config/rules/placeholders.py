"""Placeholders in own statements: `${Project}` is filled in, `${project}` would stand in the policy as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sec_provisioner.config import paths
from sec_provisioner.config.model import Config
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.rules.rule import Broken, holders

PLACEHOLDERS = ("Project", "ProjectUnderscored", "AWS::Partition", "AWS::AccountId", "AWS::Region")
"""What is filled in when the policies are made."""

# No longer than any name with a default value: a text of many `${` and no `}` must not be searched over and over.
_PLACEHOLDER = re.compile(r"\$\{([^}]{0,200})\}")
# IAM's own: `${aws:username}`, `${s3:prefix, 'default'}`, and `${*}` `${?}` `${$}` for the characters themselves.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_VARIABLE = re.compile(r"[A-Za-z0-9-]+:[^:].*|[*?$]", re.DOTALL)
_MEANT_FOR_OURS = re.compile(r"aws:(partition|account-?id|region)", re.IGNORECASE)


def check(config: Config) -> Iterator[Broken]:
    """Placeholders that nobody fills in."""
    for _, path, holder in holders(config):
        for index, statement in enumerate(holder.statements):
            for place, text in _texts(paths.item(f"{path}.statements", index), statement):
                yield from _unknown(place, text)


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text of a statement with its place; the keys of a mapping too."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield paths.child(path, key), key
            yield from _texts(paths.child(path, key), one)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _texts(paths.item(path, index), one)


def _unknown(path: str, text: str) -> Iterator[Broken]:
    for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
        if name in PLACEHOLDERS or (_VARIABLE.fullmatch(name) and not _MEANT_FOR_OURS.fullmatch(name)):
            continue
        message = f"nothing fills in `${{{name}}}`"
        yield Broken("unknown-placeholder", path, message, suggestion(name, PLACEHOLDERS, "Filled in are"))
