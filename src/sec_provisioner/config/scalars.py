"""How YAML 1.2 reads a plain scalar.

Its core schema is https://yaml.org/spec/1.2.2/#103-core-schema. Only null, booleans
and numbers matter to a config: `yes`, `no` and `on` are text there,
unlike in YAML 1.1.
"""

from __future__ import annotations

import re

from sec_provisioner.config.nodes import Scalar

_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Sexagesimal and `_`-grouped numbers are YAML 1.1's; other readers of the file still take them for numbers.
_NUMBER = re.compile(
    r"[-+]?(\d[\d_]*|0o[0-7]+|0x[0-9a-fA-F]+|(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|\d+(:[0-5]?\d)+)", re.ASCII
)
# More digits than any value here needs; also keeps out what Python refuses to turn into a number.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")


def is_null(scalar: Scalar) -> bool:
    """Whether this is YAML's null, written out or left empty."""
    return scalar.plain and scalar.text in _NULLS


def boolean(scalar: Scalar) -> bool | None:
    """The boolean that this is, or None."""
    return _BOOLEANS.get(scalar.text) if scalar.plain else None


def integer(scalar: Scalar) -> int | None:
    """The decimal whole number that this is, or None; `010` is none, since readers of YAML differ about it."""
    return int(scalar.text) if scalar.plain and _INTEGER.fullmatch(scalar.text) else None


def looks_like_number(scalar: Scalar) -> bool:
    """Whether some reader of YAML takes this for a number and may lose characters of it."""
    return scalar.plain and _NUMBER.fullmatch(scalar.text) is not None
