"""Answers of the Query protocol as XML, from plain values."""

from __future__ import annotations

from typing import Any

_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def escape(text: str) -> str:
    """As text of an element. The standard library's own brings its HTTP client along, at every start."""
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text


def unescape(text: str) -> str:
    """What `escape` was given."""
    for plain, escaped in reversed(_ESCAPES):
        text = text.replace(escaped, plain)
    return text


def elements(value: Any, item: str = "member") -> str:
    """The inside of an element.

    Args:
        value: a mapping becomes child elements (None is left out), a list `<member>`s, a bool `true` or `false`.
        item: the name of a list's elements.
    """
    if isinstance(value, dict):
        return "".join(f"<{name}>{elements(inner)}</{name}>" for name, inner in value.items() if inner is not None)
    if isinstance(value, list | tuple):
        return "".join(f"<{item}>{elements(inner)}</{item}>" for inner in value)
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value))
