"""What `sec-provisioner --help` says beside the options: the actions by class, exit codes, folders, completion."""

from __future__ import annotations

from collections.abc import Iterator

import click

from sec_provisioner.actions import ACTIONS
from sec_provisioner.actions.base import ActionClass
from sec_provisioner.report.files import FOLDERS

EXIT_CODES = (
    ("0", "done, nothing to report"),
    ("1", "findings: an invalid config or template, drift"),
    ("2", "wrong usage: flags, config not found, a config of another tier than the image's, --region that disagrees"),
    (
        "3",
        "AWS or the environment failed: credentials, network, folders, a bucket that is missing, a stack that failed",
    ),
    ("4", "refused, nothing changed: not confirmed, wrong account, a name of somebody else, a stack in progress"),
    ("130", "interrupted"),
)

_ENVIRONMENT = (
    ("SEC_HOME", "the folder that --home names"),
    ("SEC_TIER", "the one tier that this installation takes, such as medium-10"),
    ("NO_COLOR", "no colours"),
    ("AWS_ENDPOINT_URL", "as --endpoint-url; the SDK's other variables work as well"),
)

_COMPLETION = (
    ("bash", 'eval "$(_SEC_PROVISIONER_COMPLETE=bash_source sec-provisioner)"'),
    ("zsh", 'eval "$(_SEC_PROVISIONER_COMPLETE=zsh_source sec-provisioner)"'),
    ("fish", "_SEC_PROVISIONER_COMPLETE=fish_source sec-provisioner | source"),
)


def write_actions(formatter: click.HelpFormatter) -> None:
    """The actions that exist, in their four classes."""
    for kind in ActionClass:
        rows = [(one.name, one.summary) for one in ACTIONS if one.kind is kind]
        if rows:
            _section(formatter, kind.value, rows)


def write_reference(formatter: click.HelpFormatter) -> None:
    """Folders, environment, exit codes and completion."""
    with formatter.section("Folders below --home"):
        formatter.write_text(", ".join(FOLDERS))
    _section(formatter, "Environment", _ENVIRONMENT)
    _section(formatter, "Exit codes", EXIT_CODES)
    with formatter.section("Shell completion"):
        for line in _completion():
            # Not wrapped: these lines are there to be copied.
            formatter.write(f"{' ' * formatter.current_indent}{line}\n")


def _completion() -> Iterator[str]:
    for shell, line in _COMPLETION:
        yield f"{shell:<5} {line}"


def _section(
    formatter: click.HelpFormatter, title: str, rows: list[tuple[str, str]] | tuple[tuple[str, str], ...]
) -> None:
    with formatter.section(title):
        formatter.write_dl(rows)
