"""All actions that a statement is about, where the reference knows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_provisioner.iam.pattern import action_pattern

if TYPE_CHECKING:
    from sec_provisioner.iam.checks.base import Context
    from sec_provisioner.iam.document import Statement
    from sec_provisioner.iam.reference import Action


def known_actions(statement: Statement, context: Context) -> tuple[Action, ...] | None:
    """The actions a statement names; None where it names all but some, everything, or one that is not known.

    Whoever gets None can't say that no action of the statement does this or that.
    """
    if statement.action.negated:
        return None
    found: dict[str, Action] = {}
    for pattern in statement.action.patterns:
        service = action_pattern(pattern.partition(":")[0])
        if service.literal is None or not (actions := context.reference.expand(pattern)):
            return None
        found.update((action.name, action) for action in actions)
    return tuple(found.values())
