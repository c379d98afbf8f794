"""Where `--config` is looked up, and what is said when it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sec_provisioner.errors import ExitCode
from support.tool import Tool


def test_a_bare_name_is_looked_up_in_configs_only(
    tool: Tool, config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tool.home / "configs" / config).rename(tmp_path / config)
    ran = tool("validate-config", "--config", config)
    assert ran.code is ExitCode.USAGE
    assert f"for the file in this folder say --config ./{config}" in ran.stderr


def test_a_path_is_taken_as_it_is(tool: Tool, config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tool.home / "configs" / config).rename(tmp_path / config)
    for path in (f"./{config}", str(tmp_path / config)):
        assert tool("validate-config", "--config", path).code is ExitCode.OK


def test_an_empty_folder_leads_to_init_config(tool: Tool) -> None:
    ran = tool("validate-config", "--config", "x.yaml")
    assert ran.code is ExitCode.USAGE
    assert "sec-provisioner init-config makes one" in ran.stderr


def test_a_missing_folder_is_a_fault_of_the_surroundings(tool: Tool) -> None:
    (tool.home / "configs").rmdir()
    ran = tool("validate-config", "--config", "x.yaml")
    assert ran.code is ExitCode.FAILED
    assert f"The folder {tool.home}/configs is missing" in ran.stderr


def test_a_folder_is_no_config(tool: Tool) -> None:
    (tool.home / "configs" / "old").mkdir()
    ran = tool("validate-config", "--config", "old")
    assert ran.code is ExitCode.USAGE
    assert "is a folder, not a config file" in ran.stderr


def test_an_invalid_config_still_names_its_log(tool: Tool) -> None:
    tool.write_config(
        "tier: {name: startup}\nclient: {company_prefix: a, tenant_id: b001, account_id: '123456789012'}\n"
        "environment: {env: dev, region: eu-west-1}\n"
    )
    ran = tool("validate-config", "--config", "edge-prod-b001-us-west-1-sec.yaml")
    assert ran.code is ExitCode.FINDINGS
    assert ran.report["stem"] == "a-dev-b001-eu-west-1-startup-sec"


@pytest.mark.parametrize("prefix", ["../../etc", "A B", "a/b", ""])
def test_a_stem_that_is_no_file_name_is_never_used(tool: Tool, prefix: str) -> None:
    tool.write_config(
        f"tier: {{name: startup}}\nclient: {{company_prefix: '{prefix}', tenant_id: b001, account_id: '1'}}\n"
        "environment: {env: dev, region: eu-west-1}\n"
    )
    ran = tool("validate-config", "--config", "edge-prod-b001-us-west-1-sec.yaml")
    assert ran.code is ExitCode.FINDINGS
    assert ran.made[0].startswith("sec-provisioner-validate-config-")


def test_fail_on_warning_makes_a_warning_end_the_run(tool: Tool, config: str) -> None:
    path = tool.home / "configs" / config
    path.write_text(path.read_text().replace('"123456789012"', "123456789012"))
    calm = tool("export-groups", "--config", config)
    assert calm.code is ExitCode.OK
    assert "1 warning (validate-config lists them)" in calm.stdout
    tool.clock.sleep(1)
    strict = tool("export-roles", "--config", config, "--fail-on", "warning")
    assert strict.code is ExitCode.FINDINGS
    assert "[unquoted-number]" in strict.stdout
    assert tool.files("roles") == {}


def test_validate_config_lists_warnings_though_they_do_not_fail(tool: Tool, config: str) -> None:
    path = tool.home / "configs" / config
    path.write_text(path.read_text().replace('"123456789012"', "123456789012"))
    ran = tool("validate-config", "--config", config)
    assert ran.code is ExitCode.OK
    assert "[unquoted-number]" in ran.stdout
    assert ran.stdout.endswith(f"{config}: 1 warning\n")
    assert ran.report["result"]["counts"] == {"error": 0, "warning": 1, "info": 0}


@pytest.mark.parametrize("region", ["../../../x", "/x", "us-west\\n-1", "x" * 300, ""], ids=ascii)
def test_what_is_no_region_names_no_file(tool: Tool, config: str, region: str) -> None:
    path = tool.home / "configs" / config
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("region: us-west-1", f'region: "{region}"', 1), encoding="utf-8")
    before = set(tool.home.rglob("*")) - set((tool.home / "reports").iterdir())
    ran = tool("validate-config", "--config", config)
    assert ran.code is ExitCode.FINDINGS
    assert "No log and no report" not in ran.stderr
    made = set(tool.home.rglob("*")) - before
    assert {one.parent for one in made} == {tool.home / "reports"}
    assert all(one.name.startswith("sec-provisioner-validate-config-") for one in made)
