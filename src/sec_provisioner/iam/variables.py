"""`${...}` in a statement that nobody fills in: neither IAM, nor whoever makes the document.

IAM leaves an unknown variable as it is, so that the statement silently matches nothing.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sec_provisioner.iam.condition_key import key_matches
from sec_provisioner.iam.global_keys import BY_ACTION, IN_ANY_REQUEST
from sec_provisioner.iam.nearest import nearest
from sec_provisioner.iam.pattern import Pattern
from sec_provisioner.iam.reference import reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sec_provisioner.iam.document import Path, Selection, Statement

_BRACES = re.compile(r"\$\{([^}]*)\}")
_GLOBAL = tuple(key.name for key in (*IN_ANY_REQUEST, *BY_ACTION))


@dataclass(frozen=True, slots=True)
class UnknownVariable:
    """A `${name}` that stays as it is. `near` is the placeholder or variable that somebody meant, if any."""

    path: Path
    """From the statement: `("Resource", 0)`; a value that is no list counts as a list of one."""
    name: str
    near: str | None


def unknown_variables(statement: Statement, placeholders: Iterable[str] = ()) -> tuple[UnknownVariable, ...]:
    """Every `${...}` that is neither a policy variable of IAM nor a known placeholder.

    Args:
        statement: as written, with its placeholders.
        placeholders: names that are filled in before AWS sees the statement (`AWS::AccountId`); case counts.
    """
    known = tuple(placeholders)
    found: list[UnknownVariable] = []
    for path, name, variables in _places(statement):
        if name not in known and not (variables and is_policy_variable(name)):
            candidates = (*known, *_GLOBAL) if variables else known
            found.append(UnknownVariable(path, name, nearest(name, candidates)))
    return tuple(found)


def is_policy_variable(name: str) -> bool:
    """Whether IAM may fill in `${name}`: a global condition key, one of a service, or one of an identity provider."""
    prefix, colon, _ = name.partition(":")
    if not colon:
        return False
    if "." in prefix or prefix.lower() == "saml" or any(key_matches(key, name) for key in _GLOBAL):
        return True
    service = reference().service(prefix)
    return service is not None and any(key.means(name) for key in service.condition_keys)


def _places(statement: Statement) -> Iterator[tuple[Path, str, bool]]:
    """Each name in braces with its path, and whether policy variables work there."""
    for element, selection in (("Action", statement.action), ("Resource", statement.resource)):
        if selection is not None:
            yield from _in_selection(element, selection)
    for member, path in _principals(statement):
        yield from ((path, name, False) for name in _BRACES.findall(member))
    for condition in statement.conditions:
        path = ("Condition", condition.operator, condition.key)
        yield from ((path, name, False) for name in _BRACES.findall(condition.key))
        for index, value in enumerate(condition.values):
            yield from (((*path, index), one.name, True) for one in Pattern.parse(value).variables)


def _in_selection(element: str, selection: Selection) -> Iterator[tuple[Path, str, bool]]:
    name = f"Not{element}" if selection.negated else element
    for index, text in enumerate(selection.patterns):
        for variable in Pattern.parse(text).variables:
            yield (name, index), variable.name, element == "Resource"


def _principals(statement: Statement) -> Iterator[tuple[str, Path]]:
    if statement.principal is None:
        return
    element = "NotPrincipal" if statement.principal.negated else "Principal"
    counts: dict[str, int] = {}
    for member in statement.principal.members:
        index = counts.setdefault(member.kind, 0)
        counts[member.kind] += 1
        yield member.value, (element, member.kind, index)
