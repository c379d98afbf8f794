"""How bad a difference is: whether somebody may do more than was deployed, may do less, or neither.

Until documents are compared by what they allow, one that changed counts as "more".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sec_provisioner.live.findings import Difference, Kind
from sec_provisioner.problem import Severity

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

# (property, kind) -> severity. What is not here is a warning.
_TABLE: Mapping[tuple[str, Kind], Severity] = {
    # A resource as a whole: gone, or one too many.
    ("", "missing"): _E,
    ("", "extra"): _E,
    ("AssumeRolePolicyDocument", "changed"): _E,
    ("PolicyDocument", "changed"): _E,
    ("Policies", "changed"): _E,
    ("Policies", "extra"): _E,
    ("ManagedPolicyArns", "extra"): _E,
    ("AttachedTo", "extra"): _E,
    ("PermissionsBoundary", "changed"): _E,
    ("PermissionsBoundary", "missing"): _E,
    ("Description", "changed"): _I,
    ("Description", "missing"): _I,
    ("Description", "extra"): _I,
}


def severity_of(difference: Difference, denying: Collection[str] = ()) -> Severity:
    """The severity of one difference.

    Args:
        difference: its own severity is not looked at.
        denying: ARNs of managed policies that deny something.
    """
    known = _TABLE.get((difference.root(), difference.kind), _W)
    return _E if known is _W and _widens(difference, denying) else known


def _widens(one: Difference, denying: Collection[str]) -> bool:
    match one.root(), one.kind:
        case "MaxSessionDuration", "changed":
            return int(one.actual) > int(one.expected)
        case "Policies", "missing":
            return denies(one.expected)
        case "ManagedPolicyArns", "missing":
            return one.expected in denying
        case _:
            return False


def denies(document: Any) -> bool:
    """Whether a policy document has a statement that denies."""
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    every = statements if isinstance(statements, list) else [statements]
    return any(isinstance(one, Mapping) and one.get("Effect") == "Deny" for one in every)
