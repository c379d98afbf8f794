"""Whether one document plainly allows no more than another: statement by statement, without working out access.

A yes is certain; a no only means that it can't be seen this way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sec_provisioner.iam.document import Document, Effect, Selection, Statement
from sec_provisioner.iam.meaning import normalise_statement
from sec_provisioner.iam.pattern import Pattern


def is_plainly_within(one: Document, other: Document) -> bool:
    """Whether whatever `one` allows, `other` allows too: fewer allowing statements, no fewer denying ones."""
    if one.has_variables != other.has_variables:
        return False
    ours, theirs = (_by_effect(document) for document in (one, other))
    return _are_covered(ours[Effect.ALLOW], theirs[Effect.ALLOW]) and _are_covered(
        theirs[Effect.DENY], ours[Effect.DENY]
    )


def _by_effect(document: Document) -> dict[Effect, list[Statement]]:
    plain = [replace(normalise_statement(one), sid=None) for one in document.statements]
    return {effect: [one for one in plain if one.effect is effect] for effect in Effect}


def _are_covered(inner: Iterable[Statement], outer: list[Statement]) -> bool:
    return all(any(covers(wide, one) for wide in outer) for one in inner)


def covers(wide: Statement, narrow: Statement) -> bool:
    """Whether one statement plainly matches every request that another does, whatever the effects.

    Both as `normalise_statement` leaves them. The wider has each action and resource, or a pattern over it, and no
    condition that the other lacks.
    """
    return (
        wide.principal == narrow.principal
        and set(wide.conditions) <= set(narrow.conditions)
        and has_all(wide.action, narrow.action)
        and has_all(wide.resource, narrow.resource)
    )


def has_all(wide: Selection | None, narrow: Selection | None) -> bool:
    """Whether one Action or Resource plainly names all that another does."""
    if wide == narrow or (wide and narrow and not wide.negated and "*" in wide.patterns):
        return True
    if wide is None or narrow is None or wide.negated or narrow.negated:
        return False
    return all(any(is_over(over, one) for over in wide.patterns) for one in narrow.patterns)


def is_over(pattern: str, other: str) -> bool:
    """Whether one pattern plainly matches all that another does: `s3:*` is over `s3:Get*`.

    `?` and variables stand for less than the text they would match here. Most patterns are plain names, of which this
    is asked often.
    """
    if pattern == other or "*" not in pattern:
        return pattern == other
    return not {"?", "$"} & set(pattern) and Pattern.parse(pattern, variables=False).matches(other)
