"""Tags as IAM, SSM and CloudFormation take them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from sec_provisioner.config import paths
from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken

OWN_TAGS = ("managed-by", "stem", "tier")
"""The tags that the product sets itself."""

_MOST = 50 - len(OWN_TAGS)
_LONGEST_KEY = 128
_LONGEST_VALUE = 256
_SIGNS = "_.:/=+-@"


def check(config: Config) -> Iterator[Broken]:
    """Too many tags, and keys and values that AWS refuses."""
    if len(config.tags) > _MOST:
        message = f"{len(config.tags)} tags; AWS takes 50, and {len(OWN_TAGS)} are the product's own"
        yield Broken("too-many-tags", "tags", message, f"Keep {_MOST}.")
    first: dict[str, str] = {own: own for own in OWN_TAGS}
    for key, value in config.tags.items():
        path = paths.child("tags", key)
        same = first.setdefault(key.casefold(), key)
        yield from _key(key, path)
        if same in OWN_TAGS:
            yield Broken(
                "reserved-tag", path, f"the tag `{key}` is set by the product", "Use another key.", at_key=True
            )
        elif same != key:
            message = f"`{key}` and `{same}` are the same tag to IAM, which does not regard case"
            yield Broken("tag-clash", path, message, "Keep one of the two.", at_key=True)
        yield from _value(key, value, path)


def _key(key: str, path: str) -> Iterator[Broken]:
    if key.casefold().startswith("aws:"):
        message = "tags that begin with `aws:` belong to AWS"
        yield Broken("reserved-tag", path, message, "Use another key.", at_key=True)
    if len(key) > _LONGEST_KEY:
        message = f"the tag's key has {len(key):,} characters; the limit is {_LONGEST_KEY}"
        yield Broken("tag-too-long", path, message, "Shorten it.", at_key=True)
    yield from _characters(key, "key", path)


def _value(key: str, value: str, path: str) -> Iterator[Broken]:
    if len(value) > _LONGEST_VALUE:
        message = f"the value of the tag `{key[:40]}` has {len(value):,} characters; the limit is {_LONGEST_VALUE}"
        yield Broken("tag-too-long", path, message, "Shorten it.")
    yield from _characters(value, "value", path)


def _characters(text: str, part: str, path: str) -> Iterator[Broken]:
    strange = next((one for one in text if not _is_allowed(one)), None)
    if strange is not None:
        shown = strange if strange.isprintable() else " "
        message = f"the tag's {part} has the character `{shown}` (U+{ord(strange):04X}), which tags can't have"
        hint = f"Letters, digits, spaces and `{_SIGNS}` are possible."
        yield Broken("tag-character", path, message, hint, at_key=part == "key")


def _is_allowed(character: str) -> bool:
    """Letters, separators and digits of any script, and some signs."""
    return character in _SIGNS or unicodedata.category(character)[0] in "LZN"
