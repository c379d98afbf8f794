"""`useless-statement`: a statement that changes nothing, since another allows or denies all of it already.

One statement against one other, as far as their texts plainly tell; what several together make useless is not found.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.document import Document, Effect, Statement
from sec_provisioner.iam.meaning import normalise_statement
from sec_provisioner.iam.within import covers
from sec_provisioner.problem import Severity

_Named = tuple[str, Statement]


def _find(document: Document, context: Context) -> Iterator[Finding]:
    own = [(_name(one), normalise_statement(one)) for one in document.statements]
    beside = [("another policy of its holder", normalise_statement(one)) for one in context.beside]
    for position, statement in enumerate(document.statements):
        reason = _reason(position, own, beside)
        if reason:
            message = f"The statement changes nothing: {reason}."
            yield Finding(("Statement", statement.index), message, "Remove one of the two.")


def _name(statement: Statement) -> str:
    return f"statement {statement.index + 1}" + (f" ({statement.sid})" if statement.sid else "")


def _reason(position: int, own: list[_Named], beside: list[_Named]) -> str:
    """Why a statement of the document is useless; empty where it is not."""
    _, mine = own[position]
    # Of two that say the same, the later one is too many.
    later = [one for one in own[position + 1 :] if not _makes_useless(mine, one[1])]
    for name, other in (*own[:position], *later, *beside):
        if _makes_useless(other, mine):
            verb = "denies" if other.effect is Effect.DENY else "allows"
            return f"{name} {verb} all of it" + (" already" if other.effect is mine.effect else "")
    return ""


def _makes_useless(other: Statement, one: Statement) -> bool:
    """A denial wins over whatever is allowed, never the other way round."""
    return (other.effect is one.effect or other.effect is Effect.DENY) and covers(other, one)


CHECK = Check("useless-statement", Severity.WARNING, _find)
