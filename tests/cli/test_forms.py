"""Both forms of a command line are one: `--config X --action Y` and `Y --config X`."""

from __future__ import annotations

import click
import pytest

from sec_provisioner.cli import select_action
from sec_provisioner.errors import ExitCode
from support.tool import Tool

FORMS = [
    ["--config", "x.yaml", "--action", "validate-config", "--output", "json"],
    ["--config=x.yaml", "--output=json", "--action=validate-config"],
    ["validate-config", "--config", "x.yaml", "--output", "json"],
    ["--config", "x.yaml", "validate-config", "--output", "json"],
    ["--output", "json", "--config", "x.yaml", "validate-config"],
    ["--action", "validate-config", "--output", "json", "--config", "x.yaml"],
]


@pytest.mark.parametrize("args", FORMS, ids=" ".join)
def test_every_order_means_the_same(tool: Tool, args: list[str]) -> None:
    ran = tool(*args)
    assert ran.code is ExitCode.USAGE
    assert (ran.document["action"], ran.document["config"]) == ("validate-config", "x.yaml")


def test_a_value_is_never_taken_for_the_action() -> None:
    assert select_action(["--config", "deploy", "schema"]) == ("schema", ["--config", "deploy"])
    assert select_action(["--set", "a=b", "--tier", "startup", "init-config"]) == (
        "init-config",
        ["--set", "a=b", "--tier", "startup"],
    )


def test_flags_keep_their_order_around_the_action() -> None:
    assert select_action(["--force", "init-config", "--tier", "medium"]) == (
        "init-config",
        ["--force", "--tier", "medium"],
    )


def test_the_same_action_named_twice_is_no_conflict() -> None:
    assert select_action(["--action", "schema", "--action=schema"]) == ("schema", [])


def test_two_actions_are_refused() -> None:
    with pytest.raises(click.UsageError, match="not schema and validate-config"):
        select_action(["--action", "schema", "--action", "validate-config"])


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["bogus"], "There is no action bogus."),
        (["--action", "validate-confg"], "Did you mean validate-config?"),
        (["--action"], "'--action' requires an argument"),
        (["schema", "--nope"], "No such option '--nope'"),
        (["schema", "--output", "xml"], "'xml' is not one of 'text', 'json'"),
        (["schema", "more"], "unexpected extra argument (more)"),
        (["--config", "x.yaml"], "Which action?"),
        (["validate-config"], "--config is missing"),
        (["validate-config", "--config", "x.yaml", "--fail-on", "info"], "'info' is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_explained_with_exit_2_and_an_empty_stdout(tool: Tool, args: list[str], message: str) -> None:
    ran = tool(*args)
    assert ran.code is ExitCode.USAGE
    assert message in ran.stderr
    assert ran.stdout == ""


def test_wrong_flags_of_a_known_action_leave_a_log_that_ends_with_an_error(tool: Tool) -> None:
    ran = tool("schema", "--nope")
    assert ran.log.splitlines()[-1].split(" ", 2)[1] == "ERROR"
    assert ran.report["exit_code"] == 2


def test_every_option_means_the_same_in_all_actions() -> None:
    from sec_provisioner.actions import ACTIONS  # noqa: PLC0415 - only this test needs it
    from sec_provisioner.cli import options_of  # noqa: PLC0415 - the same

    takes_value: dict[str, bool] = {}
    for spec in ACTIONS:
        for option in options_of(spec):
            for flag in option.opts:
                assert takes_value.setdefault(flag, not option.is_flag) is not option.is_flag, (spec.name, flag)
