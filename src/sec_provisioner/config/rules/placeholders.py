"""Placeholders in own statements: `${Project}` is filled in, `${project}` would stand in the policy as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sec_provisioner.config import paths
from sec_provisioner.config.model import Config
from sec_provisioner.config.nearest import nearest
from sec_provisioner.config.rules.rule import Broken, holders

PLACEHOLDERS = ("Project", "ProjectUnderscored", "AWS::Partition", "AWS::AccountId", "AWS::Region")
"""What is filled in when the policies are made."""

# No longer than any name with a default value: a text of many `${` and no `}` must not be searched over and over.
_PLACEHOLDER = re.compile(r"\$\{([^}]{0,200})\}")
# IAM's own: `${aws:username}`, `${s3:prefix, 'default'}`, and `${*}` `${?}` `${$}` for the characters themselves.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_VARIABLE = re.compile(r"[A-Za-z0-9-]+:[^:].*|[*?$]", re.DOTALL)
_MEANT_FOR_OURS = re.compile(r"aws:(partition|account-?id|region)", re.IGNORECASE)
# `{project}`, as texts for people write it.
_WITHOUT_DOLLAR = re.compile(r"(?<!\$)\{([A-Za-z:_ -]{1,40})\}")


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
        if name not in PLACEHOLDERS and (not _VARIABLE.fullmatch(name) or _MEANT_FOR_OURS.fullmatch(name)):
            yield _broken(path, f"${{{name}}}", nearest(name, PLACEHOLDERS))
    for name in dict.fromkeys(_WITHOUT_DOLLAR.findall(text)):
        meant = {one.casefold(): one for one in PLACEHOLDERS}.get(name.casefold())
        if meant:
            yield _broken(path, f"{{{name}}}", meant)


def _broken(path: str, written: str, meant: str | None) -> Broken:
    known = ", ".join(f"`${{{one}}}`" for one in PLACEHOLDERS)
    hint = f"Did you mean `${{{meant}}}`?" if meant else f"Filled in are: {known}."
    return Broken("unknown-placeholder", path, f"nothing fills in `{written}`", hint)
