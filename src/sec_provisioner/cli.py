"""The command line: one parser for both forms, made from the table of actions.

    sec-provisioner --config X --action Y      sec-provisioner Y --config X

    argv -> (action, its arguments) -> options -> run_action -> exit code

Every action is a subcommand with options of its own; which one is meant is found first, wherever it stands, and
all other arguments are then that subcommand's. Nothing heavy is imported before an action runs.
"""

from __future__ import annotations

import difflib
import os
import random
import string
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from sec_provisioner import __version__, help_text
from sec_provisioner.actions import ACTIONS
from sec_provisioner.actions.base import ActionSpec, Options, Surroundings
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.usage import WRONG_COMMAND
from sec_provisioner.problem import Severity
from sec_provisioner.report.document import failure_entry
from sec_provisioner.report.files import Folders, find_home, is_folder
from sec_provisioner.report.log import Level
from sec_provisioner.report.terminal import open_terminal
from sec_provisioner.report.text import failure_lines

PROGRAM = "sec-provisioner"
_BY_NAME = {one.name: one for one in ACTIONS}


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some fixed point; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def random_suffix() -> str:
    """Six of a-z0-9 from the system's randomness: two people who test at once must not meet."""
    return "".join(random.SystemRandom().choices(string.ascii_lowercase + string.digits, k=6))


# --- options that many actions share ----------------------------------------------------------------


class _ConfigName(click.ParamType[str]):
    """A config's name, completed from the folder `configs`."""

    name = "file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
        del param
        if "/" in incomplete:
            return [CompletionItem(incomplete, type="file")]
        home = find_home(ctx.params.get("home"), os.environ, Path.cwd())
        found = (home / "configs").glob("*.y*ml")
        return [CompletionItem(one.name) for one in sorted(found) if one.name.startswith(incomplete)]


def _common() -> tuple[click.Option, ...]:
    return (
        click.Option(["--home"], metavar="DIR", help="Where the folders are [SEC_HOME; ./sec, else here]."),
        click.Option(
            ["--output"], type=click.Choice(["text", "json"]), default="text", help="Form of the result [text]."
        ),
        click.Option(
            ["--log-level"],
            metavar="LEVEL",
            type=click.Choice([one.name.lower() for one in Level]),
            default="info",
            help="How much is told on stderr: debug, info, warning or error [info].",
        ),
        click.Option(["--no-color", "no_colour"], is_flag=True, help="No colours; also by NO_COLOR."),
    )


def _with_config() -> tuple[click.Option, ...]:
    return (
        click.Option(["--config"], type=_ConfigName(), help="Config: a name in configs/, or a path with a separator."),
        click.Option(
            ["--fail-on"],
            type=click.Choice([Severity.ERROR.value, Severity.WARNING.value]),
            default=Severity.ERROR.value,
            help="What makes a config invalid [error].",
        ),
        click.Option(["--profile"], metavar="NAME", help="AWS profile (actions on AWS)."),
        click.Option(["--region"], metavar="REGION", help="Must be the config's own; anything else is refused."),
        click.Option(["--endpoint-url"], metavar="URL", help="Another address of AWS (actions on AWS)."),
    )


def options_of(spec: ActionSpec) -> tuple[click.Option, ...]:
    """All options of an action: the config's, its own, the common ones."""
    config = _with_config() if spec.config == "required" else ()
    return (*config, *spec.options, *_common())


# --- which action -----------------------------------------------------------------------------------


def _flags_with_value() -> frozenset[str]:
    """Every option of any action that takes the next argument; an option means the same in all of them."""
    every = [option for spec in ACTIONS for option in options_of(spec)]
    return frozenset(flag for one in every if not (one.is_flag or one.count) for flag in one.opts)


def select_action(args: Sequence[str]) -> tuple[str | None, list[str]]:
    """Find the action in the arguments, by `--action NAME` or as the first bare word; the rest keeps its order.

    Raises:
        click.UsageError: two different actions.
    """
    named: list[str] = []
    rest: list[str] = []
    takes_value = _flags_with_value()
    waiting = list(args)
    while waiting:
        word = waiting.pop(0)
        if word == "--action" and waiting:
            named.append(waiting.pop(0))
        elif word.startswith("--action="):
            named.append(word.partition("=")[2])
        elif word in takes_value and waiting:
            rest += [word, waiting.pop(0)]
        elif not word.startswith("-") and not named:
            named.append(word)
        else:
            rest.append(word)
    if len(set(named)) > 1:
        raise click.UsageError(f"One action at a time, not {' and '.join(named)}.")
    return (named[0] if named else None), rest


class Program(click.Group):
    """The group of all actions."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the action first, which is all that the group itself has to know."""
        name, rest = select_action(args)
        if name is not None:
            return super().parse_args(ctx, [name, *rest])
        super().parse_args(ctx, args)
        if ctx.resilient_parsing:
            return []
        raise click.UsageError(f"Which action? There are: {', '.join(_BY_NAME)}.", ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The actions in the order of the table."""
        del ctx
        return list(_BY_NAME)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand of an action, made when it is asked for."""
        spec = _BY_NAME.get(cmd_name)
        if spec is None:
            if ctx.resilient_parsing:
                return None
            close = difflib.get_close_matches(cmd_name, _BY_NAME, n=1)
            offer = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(_BY_NAME)}."
            raise click.UsageError(f"There is no action {cmd_name}. {offer}", ctx)
        return _command(spec)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Actions by class, options, and what else one looks for in `--help`."""
        help_text.write_actions(formatter)
        click.Command.format_options(self, ctx, formatter)
        help_text.write_reference(formatter)


def _command(spec: ActionSpec) -> click.Command:
    @click.pass_context
    def start(ctx: click.Context, /, **values: Any) -> ExitCode:
        from sec_provisioner.actions.running import run_action  # noqa: PLC0415 - --help needs none of it

        surroundings: Surroundings = ctx.obj(values)
        return run_action(spec, _options(values), surroundings)

    return click.Command(
        spec.name,
        callback=start,
        params=list(options_of(spec)),
        help=f"{spec.summary}\n\n{spec.kind.value}.",
        short_help=spec.summary,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )


def _options(values: Mapping[str, Any]) -> Options:
    shared = {"config", "output", "log_level", "fail_on", "profile", "region", "endpoint_url", "home", "no_colour"}
    return Options(
        config=values.get("config"),
        output=values["output"],
        log_level=Level[values["log_level"].upper()],
        fail_on=Severity(values.get("fail_on", "error")),
        profile=values.get("profile"),
        region=values.get("region"),
        endpoint_url=values.get("endpoint_url"),
        own={name: value for name, value in values.items() if name not in shared},
    )


def system_surroundings(values: Mapping[str, Any]) -> Surroundings:
    """The process's own terminal, time, environment and folders, as the common options choose."""
    return Surroundings(
        folders=Folders(find_home(values["home"], os.environ, Path.cwd())),
        terminal=open_terminal(os.environ, colour=False if values["no_colour"] else None),
        clock=SystemClock(),
        environment=os.environ,
        random_suffix=random_suffix,
    )


def program() -> Program:
    """The parser. The group lists the shared options for help and completion; the subcommands take them."""
    return Program(
        PROGRAM,
        params=[
            click.Option(["--action"], type=click.Choice(list(_BY_NAME)), metavar="NAME", help="The action."),
            *_with_config(),
            *_common(),
            _version_option(),
        ],
        help="All the IAM of one tenant in one AWS account from one YAML file.",
        subcommand_metavar="",
        options_metavar="(ACTION | --action ACTION) [OPTIONS]",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )


def _version_option() -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        del param
        if value and not ctx.resilient_parsing:
            click.echo(f"{PROGRAM} {__version__}")
            ctx.exit()

    return click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=show, help="Show the version."
    )


MakeSurroundings = Callable[[Mapping[str, Any]], Surroundings]


def main(args: Sequence[str], surroundings: MakeSurroundings = system_surroundings) -> ExitCode:
    """Run one command line to its exit code."""
    try:
        done = program().main(list(args), prog_name=PROGRAM, standalone_mode=False, obj=surroundings)
    except click.exceptions.NoArgsIsHelpError as error:
        open_terminal(os.environ).say(error.format_message())
        return ExitCode.USAGE
    except click.UsageError as error:
        return _wrong_usage(error, args, surroundings)
    except click.exceptions.Abort:
        return ExitCode.INTERRUPTED
    except SystemExit:
        # click ends so where the reader of --help has gone away (`| head`): nothing has failed.
        return ExitCode.OK
    return ExitCode(done or 0)


def _wrong_usage(error: click.UsageError, args: Sequence[str], make_surroundings: MakeSurroundings) -> ExitCode:
    """Explained in the shape of every other failure; it is a run with a log where it is known which and where."""
    from sec_provisioner.actions.running import report_failure  # noqa: PLC0415 - --help needs none of it

    command = error.ctx.command_path if error.ctx else PROGRAM
    failure = WRONG_COMMAND(told=error.format_message(), command=command)
    spec = _BY_NAME.get(error.ctx.info_name or "") if error.ctx else None
    surroundings = make_surroundings({"home": _value_of("--home", args), "no_colour": "--no-color" in args})
    if spec and is_folder(surroundings.folders.reports.path):
        return report_failure(spec, Options(), surroundings, failure)
    for line in failure_lines(failure_entry(failure), surroundings.terminal.err_style):
        surroundings.terminal.say(line)
    return ExitCode.USAGE


def _value_of(flag: str, args: Sequence[str]) -> str | None:
    for word, following in zip(args, [*args[1:], None], strict=True):
        if word == flag:
            return following
        if word.startswith(f"{flag}="):
            return word.partition("=")[2]
    return None
