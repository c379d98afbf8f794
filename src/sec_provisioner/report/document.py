"""The machine-readable result of a run: one tree of dataclasses, rendered as JSON by `json_v1`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from sec_provisioner import __version__
from sec_provisioner.errors import ExitCode, SecError
from sec_provisioner.problem import Problem
from sec_provisioner.report.results import SeverityName

SCHEMA_VERSION: Literal[1] = 1

R = TypeVar("R")
Status = Literal["ok", "findings", "failed", "refused", "interrupted"]

_STATUS: dict[ExitCode, Status] = {
    ExitCode.OK: "ok",
    ExitCode.FINDINGS: "findings",
    ExitCode.USAGE: "failed",
    ExitCode.FAILED: "failed",
    ExitCode.REFUSED: "refused",
    ExitCode.INTERRUPTED: "interrupted",
}


@dataclass(frozen=True, slots=True)
class Tool:
    """Who made the document."""

    name: str
    version: str


THIS_TOOL = Tool("sec-provisioner", __version__)


@dataclass(frozen=True, slots=True)
class ProblemEntry:
    """A problem with its place in a file; lines and columns count from 1."""

    id: str
    severity: SeverityName
    confidence: Literal["high", "medium", "low"]
    message: str
    hint: str
    file: str | None
    line: int | None
    column: int | None
    path: str
    suppressed: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run did not end well, what state things are in, and what to do.

    `id` is stable and names the section in docs/TROUBLESHOOTING.md. `code` is AWS's, where AWS gave one.
    """

    id: str
    message: str
    hint: str
    code: str


@dataclass(frozen=True, slots=True)
class Document(Generic[R]):
    """One run. `result` is None where the run ended before there was any."""

    schema_version: Literal[1]
    tool: Tool
    action: str
    config: str | None
    stem: str | None
    account_id: str | None
    region: str | None
    started: str
    seconds: float
    status: Status
    exit_code: int
    failure: Failure | None
    problems: tuple[ProblemEntry, ...]
    files: tuple[str, ...]
    result: R | None


def status_of(code: ExitCode) -> Status:
    """The status that belongs to an exit code."""
    return _STATUS[code]


def problem_entry(problem: Problem) -> ProblemEntry:
    """A problem as results show it."""
    where = problem.where
    return ProblemEntry(
        id=problem.id,
        severity=problem.severity.value,
        confidence=problem.confidence.value,
        message=problem.message,
        hint=problem.hint,
        file=where.file if where else None,
        line=where.line if where else None,
        column=where.column if where else None,
        path=problem.path,
        suppressed=problem.suppressed,
    )


def failure_entry(error: SecError) -> Failure:
    """A failure as results show it."""
    return Failure(id=error.id, message=error.message, hint=error.hint, code=error.code)


def plain(value: Any) -> Any:
    """A tree of dataclasses as JSON values; fields keep their order."""
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields is not None:
        return {name: plain(getattr(value, name)) for name in fields}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
