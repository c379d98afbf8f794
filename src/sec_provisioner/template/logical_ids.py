"""Logical ids from config keys, one to one: two keys never meet in one id, and an id never changes.

A changed logical id would make CloudFormation create a second resource under a name that is taken, so the scheme is
fixed for a major version. Words are capitalised and put together: `data_scientists` -> `DataScientists`. Only where a
word begins with a digit or with z would that be ambiguous: such words get a Z in front (`a_1` -> `AZ1`, `a1` -> `A1`).
"""

from __future__ import annotations

import re


def camel(key: str) -> str:
    """A key's words as one alphanumeric name; different keys (`-` and `_` apart) give different names."""
    return "".join(_word(word) for word in re.split("[-_]", key))


def _word(word: str) -> str:
    return "Z" + word if word[0] in "z0123456789" else word[0].upper() + word[1:]


def group_id(key: str) -> str:
    """Logical id of an IAM group."""
    return "Group" + camel(key)


def role_id(key: str) -> str:
    """Logical id of an IAM role of any kind."""
    return "Role" + camel(key)


def policy_id(service: str, level_name: str, part: int) -> str:
    """Logical id of a managed policy; later parts end in their number."""
    return f"Policy{camel(service)}{camel(level_name)}" + (f"Part{part}" if part > 1 else "")


def parameter_id(resource_id: str) -> str:
    """Logical id of the SSM parameter that holds the ARN of another resource."""
    return "Parameter" + resource_id
