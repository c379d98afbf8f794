"""What all local actions have in common: one config, guards, logs, no AWS."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sec_provisioner.actions import ACTIONS
from sec_provisioner.actions.base import ActionClass
from sec_provisioner.errors import ExitCode
from support.startup import CONFIG, STEM
from support.tool import Tool

WITH_CONFIG = [one.name for one in ACTIONS if one.kind is ActionClass.LOCAL and one.config == "required"]


@pytest.fixture(params=WITH_CONFIG)
def action(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(autouse=True)
def no_lint(monkeypatch: pytest.MonkeyPatch) -> None:
    """cfn-lint takes seconds to load and is tested where it matters; a process of its own still has it."""
    monkeypatch.setattr("sec_provisioner.actions.validate_prov_template.is_installed", lambda: False)


def test_it_ends_well_and_leaves_a_log_and_a_report(tool: Tool, config: str, action: str) -> None:
    ran = tool(action, "--config", config)
    assert ran.code is ExitCode.OK, ran.stderr
    base = f"{STEM}-{action}-20261123T060000Z"
    assert ran.made == (f"{base}.json", f"{base}.log")
    assert (ran.report["status"], ran.report["exit_code"]) == ("ok", 0)
    assert (ran.report["account_id"], ran.report["region"]) == ("123456789012", "us-west-1")


def test_a_good_run_holds_the_word_nowhere(tool: Tool, config: str, action: str) -> None:
    ran = tool(action, "--config", config, "--log-level", "debug", "--fail-on", "error")
    assert ran.code is ExitCode.OK
    assert "error" not in ran.log.lower()


def test_stdout_holds_one_document_with_output_json(tool: Tool, config: str, action: str) -> None:
    ran = tool(action, "--config", config, "--output", "json", "--log-level", "debug")
    assert ran.document == ran.report
    assert ran.document["config"] == CONFIG


def test_a_missing_config_lists_those_that_are_there(tool: Tool, config: str, action: str) -> None:
    ran = tool(action, "--config", "edge-prod-b002-us-west-1-sec.yaml")
    assert ran.code is ExitCode.USAGE
    assert "There is no config edge-prod-b002-us-west-1-sec.yaml" in ran.stderr
    assert f"Did you mean {config}?" in ran.stderr
    (last, *_) = reversed(ran.log.splitlines())
    assert " ERROR " in last
    assert ran.log.count("ERROR") == 1
    assert ran.made[0] == f"sec-provisioner-{action}-20261123T060000Z.json"


def test_another_region_is_refused(tool: Tool, config: str, action: str) -> None:
    ran = tool(action, "--config", config, "--region", "eu-west-1")
    assert ran.code is ExitCode.USAGE
    assert "--region eu-west-1 is not the config's region, us-west-1." in ran.stderr
    assert tool(action, "--config", config, "--region", "us-west-1").code is ExitCode.OK


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("medium-10", "This is the image of the tier medium-10; the config is of the tier startup."),
        ("small", "SEC_TIER is `small`, which is no tier."),
    ],
)
def test_another_tier_than_the_images_is_refused(tool: Tool, config: str, action: str, image: str, said: str) -> None:
    tool.environment["SEC_TIER"] = image
    ran = tool(action, "--config", config)
    assert ran.code is ExitCode.USAGE
    assert said in ran.stderr


def test_an_invalid_config_is_exit_1_with_one_error_line_in_the_log(tool: Tool, config: str, action: str) -> None:
    path = tool.home / "configs" / config
    path.write_text(path.read_text() + "\nsurprise: 1\n")
    ran = tool(action, "--config", config)
    assert ran.code is ExitCode.FINDINGS
    assert [one["id"] for one in ran.report["problems"] if one["severity"] == "error"] == ["unknown-key"]
    assert f"{config}:" in ran.stdout
    assert ran.log.lower().count("error") == ran.log.splitlines()[-1].lower().count("error")
    assert ran.log.count(" ERROR ") == 1
    assert ran.made[0].startswith(STEM)


def test_colours_are_the_only_control_characters(tool: Tool, config: str, action: str) -> None:
    tool.colour = True
    path = tool.home / "configs" / config
    path.write_text(path.read_text() + "\nsurprise: 1\n")
    ran = tool(action, "--config", config)
    assert "\x1b[1;31merror:\x1b[0m" in ran.stderr
    assert "\x1b[1;31merror:\x1b[0m" in ran.stdout
    assert "\\x1b" not in ran.stdout + ran.stderr
    assert "\x1b" not in ran.log


def test_without_reports_it_says_so_and_goes_on(tool: Tool, config: str, action: str) -> None:
    (tool.home / "reports").rmdir()
    ran = tool(action, "--config", config)
    assert ran.code is ExitCode.OK
    assert f"The folder {tool.home}/reports is missing" in ran.stderr
    assert not (tool.home / "reports").exists()


def test_two_runs_in_one_second_have_files_of_their_own(tool: Tool, config: str, action: str) -> None:
    tool(action, "--config", config)
    second = tool(action, "--config", config)
    assert [name.removeprefix(f"{STEM}-{action}-") for name in second.made] == [
        "20261123T060000Z-2.json",
        "20261123T060000Z-2.log",
    ]


def test_it_imports_no_sdk_and_opens_no_socket(tool: Tool, config: str, action: str) -> None:
    code = """
import socket, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("boto3", "botocore", "s3transfer", "urllib3"):
            raise ImportError(f"{name} is not for local actions")
sys.meta_path.insert(0, Blocked())
def refuse(*args, **kwargs):
    raise AssertionError("a local action opened a socket")
socket.socket.__init__ = refuse
socket.create_connection = socket.getaddrinfo = refuse
from sec_provisioner.cli import main
sys.exit(main(sys.argv[1:]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, action, "--config", config, "--home", tool.home],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
