"""Condition keys and what kind of value they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# AWS writes the open part of a key as `${TagKey}` on most pages; as `<key>`, `tag-key` or nothing at all on some.
_OPEN = re.compile(r"\$\{[^}]*\}|<[^>]*>|(?<=Tag/)tag-key$|(?<=Tag/)$")


@dataclass(frozen=True, slots=True)
class KeyType:
    """`name` is AWS's own: String, ARN, Bool, Date, IPAddress, Numeric, Binary."""

    name: str
    multivalued: bool = False


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A key as AWS documents it, with an open part where it has one (`aws:RequestTag/${TagKey}`)."""

    name: str
    type: KeyType

    def means(self, key: str) -> bool:
        """Whether a key in a policy is this one; letter case does not count."""
        return key_matches(self.name, key)


def key_matches(template: str, key: str) -> bool:
    """Whether a key in a policy is the one that a template documents, without regard to letter case."""
    return _expression(template).fullmatch(key) is not None


@lru_cache(maxsize=4_096)
def _expression(template: str) -> re.Pattern[str]:
    plain = _OPEN.split(template)
    return re.compile(".+".join(map(re.escape, plain)), re.IGNORECASE | re.DOTALL)
