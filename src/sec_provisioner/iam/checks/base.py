"""What a check is: a function from a document, or a part of one, to findings.

Raw checks see JSON that may be anything; statement and document checks see what could be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sec_provisioner.iam.document import Path, Selection, Statement, statement_values
from sec_provisioner.iam.escalation import EscalationPath
from sec_provisioner.iam.reference import Reference, reference
from sec_provisioner.problem import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Subject = TypeVar("Subject")


class PolicyKind(StrEnum):
    """What a document is attached to."""

    IDENTITY = "identity"
    TRUST = "trust"


EVERY_KIND = frozenset(PolicyKind)
ONLY_IDENTITY = frozenset({PolicyKind.IDENTITY})
ONLY_TRUST = frozenset({PolicyKind.TRUST})


_ACTION = re.compile(r"\*|\*:\*|[A-Za-z0-9-]+:[\w*?.${}-]+", re.ASCII)
ALL_ACTIONS = (
    "AWS lists them at https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "reference_policies_actions-resources-contextkeys.html"
)
"""A mend where nothing that exists is near what was written."""


@dataclass(frozen=True)
class Context:
    """What a check may know beside the document."""

    kind: PolicyKind = PolicyKind.IDENTITY
    partition: str | None = None
    """The partition that the document is for; None where nobody knows."""
    account_id: str | None = None
    """The account that the document is in; None where nobody knows."""
    placeholders: frozenset[str] = frozenset()
    """Names inside `${...}` that are filled in before AWS sees the document (`AWS::Partition`)."""
    beside: tuple[Statement, ...] = ()
    """What else whoever holds the document has, from other documents."""
    escalation_paths: tuple[EscalationPath, ...] = ()
    """The known ways to more rights that are looked for."""

    @property
    def reference(self) -> Reference:
        """AWS's service reference, loaded when it is first asked for."""
        return reference()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says. `path` begins at the check's subject: the statement, or the document.

    An index into a value that is no list in the document is dropped by the driver.
    """

    path: Path
    message: str
    hint: str = ""
    confidence: Confidence | None = None
    """Where it differs from the check's."""


@dataclass(frozen=True)
class Check(Generic[Subject]):
    """One check: the line of the table, and the anchor in the docs."""

    id: str
    severity: Severity
    run: Callable[[Subject, Context], Iterable[Finding]]
    confidence: Confidence = Confidence.HIGH
    kinds: frozenset[PolicyKind] = EVERY_KIND


def is_action(text: str) -> bool:
    """Whether a text has the form of an Action: `service:Name`, with wildcards after the colon alone, or `*`."""
    return _ACTION.fullmatch(text) is not None


def raw_statements(document: Any) -> Iterator[tuple[Path, Mapping[Any, Any]]]:
    """The statements of any JSON value that are objects, each with its path."""
    if not isinstance(document, Mapping):
        return
    for index, statement in enumerate(statement_values(document)):
        if isinstance(statement, Mapping):
            yield ("Statement", index), statement


def action_places(statement: Statement) -> Iterator[tuple[Path, str]]:
    """Each Action or NotAction with its path."""
    return _places("Action", statement.action)


def resource_places(statement: Statement) -> Iterator[tuple[Path, str]]:
    """Each Resource or NotResource with its path."""
    return _places("Resource", statement.resource) if statement.resource else iter(())


def principal_places(statement: Statement, kind: str = "AWS") -> Iterator[tuple[Path, str]]:
    """Each principal of a kind with its path."""
    if statement.principal is None:
        return
    element = "NotPrincipal" if statement.principal.negated else "Principal"
    values = [member.value for member in statement.principal.members if member.kind == kind]
    for index, value in enumerate(values):
        yield (element, kind, index), value


def condition_places(statement: Statement) -> Iterator[tuple[Path, str]]:
    """Each value of each condition with its path."""
    for condition in statement.conditions:
        for index, value in enumerate(condition.values):
            yield ("Condition", condition.operator, condition.key, index), value


def _places(element: str, selection: Selection) -> Iterator[tuple[Path, str]]:
    name = f"Not{element}" if selection.negated else element
    for index, pattern in enumerate(selection.patterns):
        yield (name, index), pattern
