"""Runs the checks of the table over one document: raw ones first, the others over what could be read of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.checks.table import DOCUMENT_CHECKS, RAW_CHECKS, STATEMENT_CHECKS
from sec_provisioner.iam.document import (
    VERSION,
    VERSIONS,
    Document,
    MalformedDocumentError,
    Path,
    Statement,
    statement_values,
)
from sec_provisioner.problem import Confidence, Severity

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """One finding about a policy document. `id` names the check, its case file and its anchor in the docs."""

    id: str
    severity: Severity
    confidence: Confidence
    message: str
    hint: str
    statement: int | None
    """Which statement it is about; None for the document as a whole."""
    path: Path
    """Keys and list positions from the top of the document: `("Statement", 2, "Action", 0)`."""


def check_document(document: Any, context: Context) -> tuple[PolicyFinding, ...]:
    """Run all checks that apply to documents of the context's kind.

    Args:
        document: IAM's JSON, as parsed. Anything at all is taken; what is wrong with it is the answer.
        context: what is known about where the document will be.

    Returns:
        Findings in the order of the document, and of the table within one place.
    """
    found = [*_run(RAW_CHECKS, document, context)]
    statements = tuple(_readable_statements(document))
    for statement in statements:
        found.extend(_run(STATEMENT_CHECKS, statement, context, ("Statement", statement.index)))
    found.extend(_run(DOCUMENT_CHECKS, Document(statements, _version(document)), context))
    trimmed = (_trimmed(finding, document) for finding in found)
    return tuple(sorted(trimmed, key=lambda finding: -1 if finding.statement is None else finding.statement))


def _run(
    checks: Iterable[Check[Subject]], subject: Subject, context: Context, prefix: Path = ()
) -> Iterator[PolicyFinding]:
    for check in checks:
        if context.kind in check.kinds:
            for one in check.run(subject, context):
                yield _finding(check, one, prefix)


def _finding(check: Check[Subject], one: Finding, prefix: Path) -> PolicyFinding:
    path = (*prefix, *one.path)
    confidence = one.confidence or check.confidence
    return PolicyFinding(check.id, check.severity, confidence, one.message, one.hint, _statement(path), path)


def _statement(path: Path) -> int | None:
    match path:
        case ("Statement", int(index), *_):
            return index
    return None


def _readable_statements(document: Any) -> Iterator[Statement]:
    """The statements that follow the grammar; the others have findings of their own."""
    if not isinstance(document, Mapping):
        return
    for index, value in enumerate(statement_values(document)):
        try:
            yield Statement.parse(value, index)
        except MalformedDocumentError:
            continue


def _version(document: Any) -> str:
    """A misspelt version is a finding of its own; the rest is read as its author meant it."""
    version = document.get("Version") if isinstance(document, Mapping) else None
    if version is None:
        return Document(()).version
    return version if version in VERSIONS else VERSION


def _trimmed(finding: PolicyFinding, document: Any) -> PolicyFinding:
    """The finding with the steps that the document really has: a single value has no position in a list."""
    steps: list[str | int] = []
    value = document
    for step in finding.path:
        if isinstance(value, Mapping):
            if step not in value:
                continue
        elif not isinstance(value, list):
            continue
        value = value[step]
        steps.append(step)
    return replace(finding, path=tuple(steps))
