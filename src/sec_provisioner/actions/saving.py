"""A run as its JSON has it: at its end, and before what it removes is removed."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.errors import ExitCode
from sec_provisioner.report import json_v1
from sec_provisioner.report.document import SCHEMA_VERSION, THIS_TOOL, Document, Failure, problem_entry, status_of


def save_now(ctx: Context) -> None:
    """Put what is recorded so far on disk, as the run would be reported if it were killed now.

    Raises:
        FolderError: it can't be written.
    """
    ctx.open_log()
    if ctx.run_files:
        failure = Failure("The run did not come to its end.", "Run it again.", "")
        ctx.run_files.write_result(json_v1.render(document_of(ctx, ExitCode.INTERRUPTED, failure, 0.0)))


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
