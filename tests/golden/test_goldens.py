"""What a config makes has not moved: template and exports of each scenario, byte for byte.

A scenario is a folder with a config.yaml. Goldens show that nothing moved, not that it is right: that is shown by
cfn-lint here and by the other tests. `make goldens` writes them anew; read the difference before you keep it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cfnlint.api import lint_by_config
from cfnlint.config import ManualArgs

from sec_provisioner.exports import export_text, group_exports, policy_exports, role_exports
from sec_provisioner.pipeline import build
from sec_provisioner.template.render import yaml_text
from support.configs import parsed

HERE = Path(__file__).parent
SCENARIOS = sorted(path.parent.name for path in HERE.glob("*/config.yaml"))
TEST_STACK = "test-stack"
"""The scenario that is built with a test suffix."""


def made(scenario: str) -> dict[str, bytes]:
    config = parsed((HERE / scenario / "config.yaml").read_text())
    result = build(config, "abc123" if scenario == TEST_STACK else None)
    exports = {
        f"{folder}/{name}": export_text(content)
        for folder, contents in (
            ("groups", group_exports(result)),
            ("roles", role_exports(result)),
            ("policies", policy_exports(result)),
        )
        for name, content in contents.items()
    }
    return {"template.yaml": yaml_text(result.template).encode(), **exports}


def kept(scenario: str) -> dict[str, bytes]:
    folder = HERE / scenario
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "config.yaml")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_config_makes_what_it_made_before(scenario: str, request: pytest.FixtureRequest) -> None:
    now = made(scenario)
    if request.config.getoption("--update-goldens"):
        for name in set(kept(scenario)) - set(now):
            (HERE / scenario / name).unlink()
        for name, content in now.items():
            path = HERE / scenario / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    before = kept(scenario)
    assert sorted(now) == sorted(before)
    for name, content in now.items():
        assert content.decode() == before[name].decode(), name


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_cfn_lint_has_nothing_to_say(scenario: str) -> None:
    path = HERE / scenario / "template.yaml"
    partitions = {"govcloud": "us-gov-west-1", "china": "cn-north-1"}
    region = partitions.get(scenario, "us-west-1")
    matches = lint_by_config(ManualArgs(templates=[str(path)], regions=[region], include_checks=["I"]))
    assert [str(one) for one in matches] == []


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 8
