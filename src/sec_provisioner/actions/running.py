"""One run of one action, with the one error boundary around it.

ActionSpec + Options + Surroundings -> run(ctx) -> exit code, failure -> log, report, stdout, stderr
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from sec_provisioner import __version__
from sec_provisioner.actions.base import ActionClass, ActionSpec, Context, Options, Surroundings
from sec_provisioner.actions.saving import document_of
from sec_provisioner.errors import ExitCode, FolderError, SecError
from sec_provisioner.failures.runs import INTERRUPTED, OUTPUT_LOST, PROBLEMS_FOUND, TOOL_FAULT
from sec_provisioner.report import json_v1, text
from sec_provisioner.report.document import Failure, failure_entry
from sec_provisioner.report.log import RunLog
from sec_provisioner.report.problems import counts_line
from sec_provisioner.report.redaction import Redactor
from sec_provisioner.report.run_files import RunFiles
from sec_provisioner.report.terminal import Terminal

# A real secret key has 40 characters, a session token hundreds: short dummies must not tear holes into texts.
_SHORTEST_CREDENTIAL = 16
_CREDENTIALS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")


def run_action(spec: ActionSpec, options: Options, surroundings: Surroundings) -> ExitCode:
    """Run an action to its end and report it; whatever happens comes out as an exit code."""
    ctx = make_context(spec, options, surroundings)
    begun = surroundings.clock.monotonic()
    error = _end_of(ctx)
    return _report(ctx, error, surroundings.clock.monotonic() - begun)


def report_failure(spec: ActionSpec, options: Options, surroundings: Surroundings, error: SecError) -> ExitCode:
    """Report a run that ended before its action could start: wrong flags leave a log, too."""
    ctx = make_context(spec, options, surroundings)
    return _report(ctx, error, 0.0)


def make_context(spec: ActionSpec, options: Options, surroundings: Surroundings) -> Context:
    """The context of a run that starts now; credentials in the environment are hidden from the start."""
    redactor = Redactor()
    values = (surroundings.environment.get(name, "") for name in _CREDENTIALS)
    redactor.hide(one for one in values if len(one) >= _SHORTEST_CREDENTIAL)
    log = RunLog(surroundings.terminal, redactor, surroundings.clock.now, options.log_level)
    log.allow_names((str(surroundings.folders.home), options.config or ""))
    log.detail(f"sec-provisioner {__version__} {spec.name}" + (f" --config {options.config}" if options.config else ""))
    return Context(spec, options, surroundings, log, redactor, started=surroundings.clock.now())


def _end_of(ctx: Context) -> SecError | None:
    """Why it did not end well."""
    try:
        if ctx.action.kind is ActionClass.CHANGES:
            ctx.folders.reports.must_be_writable()
        code = ctx.action.load()(ctx)
    except SecError as error:
        return error
    except KeyboardInterrupt:
        if ctx.terminal.draws:
            ctx.terminal.say()  # the line shows ^C
        return INTERRUPTED()
    except Exception as error:  # noqa: BLE001 - the boundary: a fault of ours is said calmly, too
        for line in traceback.format_exception(error):
            ctx.log.detail(line)
        return TOOL_FAULT(kind=type(error).__name__, told=error)
    if code is ExitCode.OK:
        return None
    return ctx.outcome.failure or PROBLEMS_FOUND(counts=counts_line(ctx.outcome.problems))


def _report(ctx: Context, error: SecError | None, seconds: float) -> ExitCode:
    try:
        ctx.open_log()
    except FolderError as logless:
        # The action changes AWS and has been refused for this very reason; or it was refused before for another.
        ctx.log.caution(f"{logless.message} {logless.hint}")
    ended = _ending(ctx, error, seconds)
    try:
        _show_result(ctx, ended)
    except OSError as fault:
        ended = _ending(ctx, OUTPUT_LOST(told=(fault.strerror or str(fault)).lower()), seconds)
    _log_end(ctx, ended)
    if ctx.run_files:
        _write_result(ctx.run_files, ended.rendered, ctx.terminal)
    ctx.log.close()
    if ended.failure:
        for line in text.failure_lines(ended.failure, ctx.terminal.err_style):
            ctx.terminal.say(line)
    return ended.code


@dataclass(frozen=True)
class _Ending:
    """How a run ended, and its result as JSON."""

    code: ExitCode
    failure: Failure | None
    rendered: str


def _ending(ctx: Context, error: SecError | None, seconds: float) -> _Ending:
    code = error.exit_code if error else ExitCode.OK
    failure = ctx.redactor.value(failure_entry(error)) if error else None
    return _Ending(code, failure, json_v1.render(document_of(ctx, code, failure, seconds)))


def _log_end(ctx: Context, ended: _Ending) -> None:
    """Problems, files, and the last line: ERROR for a run that failed, never for another."""
    for problem in ctx.outcome.problems:
        where = f"{problem.where}: " if problem.where else ""
        ctx.log.detail(f"{where}{problem.message} {problem.hint} [{problem.id}]")
    for name in ctx.outcome.files:
        ctx.log.detail(f"Wrote {name}")
    code, failure = ended.code, ended.failure
    if failure and code is not ExitCode.INTERRUPTED:
        ctx.log.fail(f"{failure.message} {failure.hint} (exit {int(code)})")
    else:
        ctx.log.detail(f"{'Interrupted' if failure else 'Done'} (exit {int(code)})")


def _write_result(run_files: RunFiles, rendered: str, terminal: Terminal) -> None:
    try:
        run_files.write_result(rendered)
    except FolderError as error:
        terminal.say(f"{terminal.err_style.careful('warning:')} {error.message} {error.hint}")


def _show_result(ctx: Context, ended: _Ending) -> None:
    """The result on stdout, and nothing else there.

    Raises:
        OSError: stdout does not take it.
    """
    terminal, outcome = ctx.terminal, ctx.outcome
    if outcome.stdout is not None:
        terminal.write(outcome.stdout)
    elif ctx.options.output == "json":
        terminal.write(ended.rendered)
    else:
        whole = outcome.lists_problems or ended.code is ExitCode.FINDINGS
        shown = {file: ctx.redactor.blanked(content) for file, content in ctx.texts.items()} if whole else {}
        terminal.write(text.render(outcome, shown, terminal.out_style, list_problems=whole))
