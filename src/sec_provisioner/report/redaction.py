"""What must never be written down: external ids, credentials, session tokens.

A result is redacted once, when it is made; what renders it (text, JSON, log) gets it clean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

MASK = "***"
# A shorter secret is only masked where it stands alone: "12" must not tear holes into account ids.
_STANDS_OUT = 8

_T = TypeVar("_T")

# Access key ids: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")
# `"sts:ExternalId": "x"`, `["x", "y"]`, the same inside quoted JSON, and a quoted one in the config.
_QUOTED_EXTERNAL_ID = re.compile(r"(?i)(external_?id\\*[\"']?\s*[:=]\s*)(\[[^\]]*\]|\\?\"[^\"\n]*\"|'[^'\n]*')")
# Without quotes only where YAML has a key: in a sentence, `external_id: is missing` hides nothing.
_PLAIN_EXTERNAL_ID = re.compile(
    r"(?im)((?:^|[{,])[ \t]*(?:- )?[\"']?(?:sts:)?external_?id[\"']?[ \t]*:[ \t]+)([^\s\"'\[{}][^\s{}]*)"
)
_SIGNED = re.compile(
    r"(?i)((?:X-Amz-(?:Signature|Security-Token|Credential)|aws_secret_access_key)\s*[=:]\s*)([^\s&\"']+)"
)
_AFTER_A_KEY = (_QUOTED_EXTERNAL_ID, _PLAIN_EXTERNAL_ID, _SIGNED)
_EXTERNAL_KEYS = frozenset({"externalid", "external_id", "sts:externalid"})


class Redactor:
    """Knows the secrets of one run and takes them out of texts and of whole results."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._known: re.Pattern[str] | None = None

    def hide(self, secrets: Iterable[str]) -> None:
        """From now on these never come out."""
        self._secrets.update(one for one in secrets if one)
        ordered = sorted(self._secrets, key=len, reverse=True)
        self._known = re.compile("|".join(map(_pattern, ordered))) if ordered else None

    def text(self, text: str) -> str:
        """The text without secrets: those that are known, and what looks like one."""
        return self._mask(text, lambda _: MASK)

    def blanked(self, text: str) -> str:
        """The same, but every character keeps its line and column, for showing lines of a file."""
        return self._mask(text, lambda secret: "".join("*" if one != "\n" else one for one in secret))

    def _mask(self, text: str, mask: Callable[[str], str]) -> str:
        if self._known:
            text = self._known.sub(lambda match: mask(match[0]), text)
        text = _ACCESS_KEY.sub(lambda match: mask(match[0]), text)
        for pattern in _AFTER_A_KEY:
            text = pattern.sub(lambda match: match[1] + mask(match[2]), text)
        return text

    def value(self, value: _T) -> _T:
        """The same tree of dataclasses, mappings and sequences, without secrets in its texts."""
        clean: Any = self._value(value)
        result: _T = clean
        return result

    def _value(self, value: Any) -> Any:
        if type(value) is str:
            return self.text(value)
        if is_dataclass(value) and not isinstance(value, type):
            changes = {one.name: self._value(getattr(value, one.name)) for one in fields(value) if one.init}
            return replace(value, **changes)
        if isinstance(value, Mapping):
            return {key: self._entry(key, one) for key, one in value.items()}
        if isinstance(value, tuple | list):
            return type(value)(self._value(one) for one in value)
        return value

    def _entry(self, key: Any, value: Any) -> Any:
        if str(key).lower() in _EXTERNAL_KEYS and value:
            return MASK
        return self._value(value)


def external_ids(text: str) -> tuple[str, ...]:
    """The external ids in a config's text, found without parsing it: it may be the parser that complains."""
    quoted = (match[2].strip("\\\"'") for match in _QUOTED_EXTERNAL_ID.finditer(text))
    plain = (match[2].rstrip(",") for match in _PLAIN_EXTERNAL_ID.finditer(text))
    return tuple(one for one in (*quoted, *plain) if one not in ("", "null", "~"))


def _pattern(secret: str) -> str:
    if len(secret) >= _STANDS_OUT:
        return re.escape(secret)
    return rf"(?<![\w-]){re.escape(secret)}(?![\w-])"
