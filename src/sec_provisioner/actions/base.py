"""What every action is given and how it ends: `run(ctx) -> ExitCode`.

    options -> Context -> run(ctx) -> ctx.finish(result) -> Outcome -> text or JSON, log and report

An action reads what it needs from its Context (the config is loaded when it is first asked for), and ends with
`ctx.finish(...)`, or by raising a row of `failures`. It never prints and never exits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from sec_provisioner.errors import ExitCode, FolderError, SecError
from sec_provisioner.failures.runs import CHECK_FOUND
from sec_provisioner.failures.usage import NO_CONFIG_NAMED
from sec_provisioner.problem import Problem, Severity
from sec_provisioner.report.files import Folders
from sec_provisioner.report.log import Level, RunLog
from sec_provisioner.report.outcome import Outcome, Render
from sec_provisioner.report.problems import counts_line
from sec_provisioner.report.redaction import Redactor, external_ids
from sec_provisioner.report.run_files import RunFiles, claim_run_files
from sec_provisioner.report.terminal import Terminal

if TYPE_CHECKING:
    import click

    from sec_provisioner.actions.config_source import ConfigSource
    from sec_provisioner.config.model import Config
    from sec_provisioner.config.parse import ParsedConfig
    from sec_provisioner.naming import Names
    from sec_provisioner.pipeline import Built, Checked

R = TypeVar("R")
_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


# --- an action as the command line sees it ----------------------------------------------------------


class ActionClass(Enum):
    """What an action does to AWS; the value is the heading in `--help`."""

    LOCAL = "Local: no AWS call at all"
    READS = "Reads AWS"
    PREVIEWS = "Previews: makes a temporary change set and removes it"
    CHANGES = "Changes AWS"


@dataclass(frozen=True)
class ActionSpec:
    """One line of the table of actions. `module` holds `run` and is imported when the action is used."""

    name: str
    kind: ActionClass
    summary: str
    module: str
    options: tuple[click.Option, ...] = ()
    config: Literal["required", "none"] = "required"

    def load(self) -> Callable[[Context], ExitCode]:
        """The action's `run`."""
        run: Callable[[Context], ExitCode] = import_module(self.module).run
        return run


# --- what it is given -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Options:
    """The options that every action shares; `own` has those of the action by parameter name."""

    config: str | None = None
    output: Literal["text", "json"] = "text"
    log_level: Level = Level.INFO
    fail_on: Severity = Severity.ERROR
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    own: Mapping[str, Any] = field(default_factory=dict)


class Clock(Protocol):
    """Time, so that a test can own it."""

    def now(self) -> datetime:
        """The time in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some fixed point; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass(frozen=True)
class Surroundings:
    """All that an action may know of the world besides its options."""

    folders: Folders
    terminal: Terminal
    clock: Clock
    environment: Mapping[str, str]
    random_suffix: Callable[[], str]


@dataclass
class Context:
    """One run of one action."""

    action: ActionSpec
    options: Options
    surroundings: Surroundings
    log: RunLog
    redactor: Redactor
    started: datetime
    outcome: Outcome = field(default_factory=Outcome)
    run_files: RunFiles | None = None
    names: Names | None = None
    texts: dict[str, str] = field(default_factory=dict)
    _logless: bool = False

    # --- the world ---

    @property
    def folders(self) -> Folders:
        """The six folders; the only place where files are written."""
        return self.surroundings.folders

    @property
    def terminal(self) -> Terminal:
        """For questions and progress; results go through `finish`."""
        return self.surroundings.terminal

    @property
    def clock(self) -> Clock:
        """The only source of time and the only way to wait."""
        return self.surroundings.clock

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables."""
        return self.surroundings.environment

    def random_suffix(self) -> str:
        """Six of a-z0-9, for a test stack."""
        return self.surroundings.random_suffix()

    def own(self, name: str) -> Any:
        """One of the action's own options, by parameter name (`--dry-run` is `dry_run`)."""
        return self.options.own[name]

    def hide(self, *secrets: str) -> None:
        """From now on these are masked in results, logs and messages."""
        self.redactor.hide(secrets)

    # --- the config ---

    @cached_property
    def source(self) -> ConfigSource:
        """The config file, read.

        Raises:
            UsageError: no such file; the message lists those that are there.
            FolderError: it can't be read.
        """
        from sec_provisioner.actions.config_source import read_config  # noqa: PLC0415 - after --help

        if self.options.config is None:
            raise NO_CONFIG_NAMED()
        source = read_config(self.options.config, self.folders)
        self.hide(*external_ids(source.text))
        self.log.allow_names((str(source.path), source.text))
        self.texts[source.file] = source.text
        return source

    @cached_property
    def parsed(self) -> ParsedConfig:
        """The config, parsed; its own `problems` may say that there is none.

        Raises:
            UsageError: another tier than the image's, or another region than `--region`.
        """
        from sec_provisioner.actions.config_source import parse_source  # noqa: PLC0415 - after --help

        return parse_source(self)

    @cached_property
    def checked(self) -> Checked:
        """The whole pipeline on the config, with every problem."""
        parsed = self.parsed
        from sec_provisioner.pipeline import check  # noqa: PLC0415 - a config that is not there needs no pipeline

        return check(parsed)

    @cached_property
    def built(self) -> Built:
        """What the config makes, free of problems at or above `--fail-on`.

        Raises:
            FindingsError: where it has such; the run ends with exit 1 and lists them.
        """
        checked = self.checked
        stopping = self.stopping(checked.problems)
        if stopping or checked.built is None:
            self.record(None, problems=checked.problems)
            raise CHECK_FOUND(subject=self.source.file, counts=counts_line(checked.problems))
        return checked.built

    @property
    def config(self) -> Config:
        """The valid config.

        Raises:
            FindingsError: as `built`.
        """
        return self.built.config

    def stopping(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Those problems that end a run: at or above `--fail-on`, not suppressed."""
        limit = _RANK[self.options.fail_on]
        return tuple(one for one in problems if one.suppressed is None and _RANK[one.severity] >= limit)

    def belongs_to(self, names: Names) -> None:
        """Say whose run this is: its log gets the name of the stem and goes to disk from here on.

        Raises:
            FolderError: the log can't be written and the action changes AWS.
        """
        self.names = names
        self.open_log()

    def open_log(self) -> None:
        """Claim the run's files in `reports/`, once. An action that changes nothing on AWS can do without.

        Raises:
            FolderError: as `belongs_to`.
        """
        if self.run_files or self._logless:
            return
        stem = self.names.stem if self.names else None
        try:
            self.run_files = claim_run_files(self.folders.reports, stem, self.action.name, self.started)
        except FolderError as error:
            if self.action.kind is ActionClass.CHANGES:
                raise
            self._logless = True
            self.log.caution(f"No log and no report are written. {error.message} {error.hint}")
        else:
            self.log.write_to(self.run_files.log)

    # --- how it ends ---

    def record(
        self,
        result: R,
        *,
        render: Render[R] | None = None,
        problems: Iterable[Problem] = (),
        files: Iterable[str] = (),
    ) -> None:
        """Keep what there is so far: it is reported even if the run then fails or is interrupted."""
        clean = self.redactor.value
        self.outcome = Outcome(clean(result), clean(tuple(problems)), tuple(files), render)

    def finish(  # noqa: PLR0913 - each is a part of what is reported, all but the first by name
        self,
        result: R,
        *,
        render: Render[R] | None = None,
        problems: Iterable[Problem] = (),
        files: Iterable[str] = (),
        failure: SecError | None = None,
        stdout: str | None = None,
        lists_problems: bool = False,
    ) -> ExitCode:
        """Report the result and say how the run ends.

        Args:
            result: a dataclass of `report.results` or its like; it is redacted here.
            render: makes the text form's lines from the redacted result.
            problems: findings; those at or above `--fail-on` make the exit code 1.
            files: written files as results name them (`groups/x.json`).
            failure: how it ended where that does not follow from the problems (drift found, a stack that failed).
            stdout: replaces text and JSON on stdout where an action prints a document of its own.
            lists_problems: show them all in the text form, even if they don't end the run (checks).
        """
        self.record(result, render=render, problems=problems, files=files)
        self.outcome = replace(
            self.outcome,
            stdout=stdout,
            failure=failure,
            lists_problems=lists_problems,
        )
        if failure is not None:
            return failure.exit_code
        return ExitCode.FINDINGS if self.stopping(self.outcome.problems) else ExitCode.OK
