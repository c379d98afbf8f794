"""Policy variables: `${aws:username}`, with a default `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re

from sec_local.enforcement.context import Context
from sec_local.enforcement.patterns import Tokens, tokens_of

_VARIABLE = re.compile(r"\$\{(?P<name>[^},]*)(?:,\s*'(?P<default>[^']*)'\s*)?\}")
_CHARACTERS = ("*", "?", "$")
_WITH_VARIABLES = "2012-10-17"


def fill(text: str, context: Context, version: str) -> Tokens | None:
    """A policy's text as a pattern; what a variable stands for is literal.

    Returns:
        None where a variable has neither a value nor a default: such a text is equal to nothing.
    """
    if version != _WITH_VARIABLES or "${" not in text:
        return tokens_of(text)
    tokens: list[Tokens] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        value = _value(found["name"].strip(), found["default"], context)
        if value is None:
            return None
        tokens += [tokens_of(text[end : found.start()]), (value,) if value else ()]
        end = found.end()
    tokens.append(tokens_of(text[end:]))
    return sum(tokens, ())


def keys_in(text: str) -> set[str]:
    """The condition keys that a text has variables for."""
    return {name for found in _VARIABLE.finditer(text) if (name := found["name"].strip()) not in _CHARACTERS}


def _value(name: str, default: str | None, context: Context) -> str | None:
    if name in _CHARACTERS:
        return name
    value = context.single(name)
    return default if value is None else value
