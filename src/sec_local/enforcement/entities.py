"""ARNs of IAM: what they name."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARN = re.compile(r"arn:[^:]+:(?:iam|sts)::(?P<account>\d{12}):(?P<kind>[a-z-]+)(?:/(?P<path>.*))?")
_KINDS = {"user": "User", "group": "Group", "role": "Role", "assumed-role": "Role"}


@dataclass(frozen=True)
class Entity:
    """A user, group or role. `kind` is IAM's word for it in the names of actions: `User`, `Group`, `Role`."""

    account: str
    kind: str
    name: str


def entity_of(arn: str) -> Entity | None:
    """What an ARN names; of a role's session the role. None for everything else."""
    found = _ARN.fullmatch(arn)
    if found is None or found["kind"] not in _KINDS or not found["path"]:
        return None
    parts = found["path"].split("/")
    name = parts[0] if found["kind"] == "assumed-role" else parts[-1]
    return Entity(found["account"], _KINDS[found["kind"]], name)
