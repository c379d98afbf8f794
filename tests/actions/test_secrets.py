"""An external id stands in the exported trust policy and in the template, and nowhere else."""

from __future__ import annotations

import pytest

from support.startup import set_flags
from support.tool import Tool

SECRET = "Cr0ss-Account-Secret"
ROLE = f"""
    partner: {{description: d, trusted_account: "210987654321", external_id: {SECRET}}}
"""
ACTIONS = ["validate-config", "export-groups", "export-roles", "export-policies", "create-prov-template"]


@pytest.fixture
def with_role(tool: Tool, config: str) -> str:
    path = tool.home / "configs" / config
    text = path.read_text()
    path.write_text(_with_cross_account_role(text))
    return config


def _with_cross_account_role(text: str) -> str:
    head, found, tail = text.partition("enabled_cross_account_roles:")
    assert found
    text = f"{head}enabled_cross_account_roles: [partner]{tail[tail.index(chr(10)) :]}"
    head, found, tail = text.partition("\n  cross_account_roles:")
    assert found
    return f"{head}\n  cross_account_roles:{ROLE}{tail[tail.index(chr(10)) + 1 :]}"


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("output", ["text", "json"])
def test_a_good_run_keeps_it(tool: Tool, with_role: str, action: str, output: str) -> None:
    ran = tool(action, "--config", with_role, "--output", output, "--log-level", "debug")
    assert ran.code == 0, ran.stdout + ran.stderr
    assert SECRET not in ran.stdout + ran.stderr + "".join(tool.files("reports").values())


def test_it_stands_where_it_must(tool: Tool, with_role: str) -> None:
    tool("export-roles", "--config", with_role)
    tool("create-prov-template", "--config", with_role)
    assert SECRET in tool.files("roles")["edge-prod-b001-role-sta-partner.json"]
    assert SECRET in "".join(tool.files("templates").values())


@pytest.mark.parametrize("broken", ["\nsurprise: 1\n", "\nbroken: [\n"])
@pytest.mark.parametrize("at", [f"external_id: {SECRET}", f"external_id: {SECRET}, trustd: 1"])
def test_an_invalid_config_keeps_it_too(tool: Tool, with_role: str, broken: str, at: str) -> None:
    path = tool.home / "configs" / with_role
    path.write_text(path.read_text().replace(f"external_id: {SECRET}", at) + broken)
    ran = tool("validate-config", "--config", with_role, "--log-level", "debug")
    assert ran.code == 1
    assert SECRET not in ran.stdout + ran.stderr + "".join(tool.files("reports").values())


@pytest.mark.parametrize("value", ["has space in it", "ä-not-allowed", "x" * 2000])
def test_a_wrong_one_is_not_repeated(tool: Tool, with_role: str, value: str) -> None:
    path = tool.home / "configs" / with_role
    path.write_text(path.read_text().replace(f"external_id: {SECRET}", f'external_id: "{value}"'))
    ran = tool("validate-config", "--config", with_role)
    assert ran.code == 1
    assert value not in ran.stdout + ran.stderr + "".join(tool.files("reports").values())


def test_a_setting_keeps_it_too(tool: Tool) -> None:
    flag = f"security.cross_account_roles.partner.external_id={SECRET}"
    ran = tool("init-config", "--tier", "startup", *set_flags(), "--set", flag, "--log-level", "debug")
    assert SECRET not in ran.stdout + ran.stderr + "".join(tool.files("reports").values())
