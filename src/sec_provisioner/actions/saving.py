"""A run as its JSON has it: at its end, and before what it removes is removed."""

from __future__ import annotations

import json
from typing import Any

from sec_provisioner.actions.base import Context
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.runs import UNFINISHED
from sec_provisioner.naming import Names
from sec_provisioner.report import json_v1
from sec_provisioner.report.document import (
    SCHEMA_VERSION,
    THIS_TOOL,
    Document,
    Failure,
    failure_entry,
    problem_entry,
    status_of,
)


def save_now(ctx: Context) -> None:
    """Put what is recorded so far on disk, as the run would be reported if it were killed now.

    Raises:
        FolderError: it can't be written.
    """
    ctx.open_log()
    if ctx.run_files:
        failure = failure_entry(UNFINISHED())
        ctx.run_files.write_result(json_v1.render(document_of(ctx, ExitCode.INTERRUPTED, failure, 0.0)))


def unfinished_results(ctx: Context, names: Names, action: str) -> tuple[dict[str, Any], ...]:
    """What killed runs of an action have saved of their results; a run that is still going on is none of them.

    Raises:
        FolderError: they can't be read.
    """
    reports, beginning = ctx.folders.reports, f"{names.stem}-{action}-"
    names_of_results = (one for one in reports.names() if one.startswith(beginning) and one.endswith(".json"))
    found = ((one.removesuffix(".json"), _unfinished(reports.read(one))) for one in names_of_results)
    return tuple(result for base, result in found if result and not _is_going_on(ctx, base))


def _unfinished(content: bytes) -> dict[str, Any] | None:
    """The result in a report of a run that did not come to its end; None in any other."""
    # Most reports are of runs that ended, and need not be parsed to see it.
    if UNFINISHED.id.encode() not in content:
        return None
    try:
        report = json.loads(content)
    except ValueError:
        return None
    is_unfinished = (report.get("failure") or {}).get("id") == UNFINISHED.id
    return report.get("result") if is_unfinished else None


def _is_going_on(ctx: Context, base: str) -> bool:
    try:
        return ctx.folders.reports.is_held(f"{base}.log")
    except FileNotFoundError:
        return False


def document_of(ctx: Context, code: ExitCode, failure: Failure | None, seconds: float) -> Document[object]:
    """What is reported of a run."""
    identity = ctx.names.identity if ctx.names else None
    return Document(
        schema_version=SCHEMA_VERSION,
        tool=THIS_TOOL,
        action=ctx.action.name,
        config=ctx.options.config,
        stem=ctx.names.stem if ctx.names else None,
        account_id=identity.account_id if identity else None,
        region=identity.region if identity else None,
        started=ctx.started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=round(seconds, 3),
        status=status_of(code),
        exit_code=int(code),
        failure=failure,
        problems=tuple(problem_entry(one) for one in ctx.outcome.problems),
        files=ctx.outcome.files,
        result=ctx.outcome.result,
    )
