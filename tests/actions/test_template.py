"""create-prov-template and validate-prov-template."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import yaml

from sec_provisioner.errors import ExitCode
from support.startup import STEM
from support.tool import Tool


def test_the_template_is_plain_yaml_with_what_the_result_says(tool: Tool, config: str) -> None:
    ran = tool("create-prov-template", "--config", config)
    file = tool.home / "templates" / f"{STEM}-template.yaml"
    template = yaml.safe_load(file.read_text())
    result = ran.report["result"]
    assert result["template"] == f"templates/{file.name}"
    assert result["bytes"] == file.stat().st_size
    assert result["resources"] == Counter(one["Type"] for one in template["Resources"].values())
    minified = json.dumps(template, separators=(",", ":"), ensure_ascii=False).encode()
    assert result["inline_bytes"] == len(minified)
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    assert result["delivery"] == ("inline" if len(minified) <= 51_200 else "s3")


def test_the_same_config_gives_the_same_bytes(tool: Tool, config: str) -> None:
    tool("create-prov-template", "--config", config)
    first = tool.files("templates")
    tool.clock.sleep(99)
    tool("create-prov-template", "--config", config)
    assert tool.files("templates") == first


def test_the_generated_template_passes_its_checks_and_cfn_lint(tool: Tool, config: str) -> None:
    ran = tool("validate-prov-template", "--config", config, "--fail-on", "warning")
    assert ran.code is ExitCode.OK, ran.stdout
    assert "cfn-lint" in ran.report["result"]["checked"]
    assert ran.report["result"]["not_checked"] == []
    assert tool.files("templates") == {}


def test_without_cfn_lint_that_is_said(tool: Tool, config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sec_provisioner.actions.validate_prov_template.is_installed", lambda: False)
    ran = tool("validate-prov-template", "--config", config)
    assert ran.code is ExitCode.OK
    assert ran.report["result"]["not_checked"] == [
        {"what": "cfn-lint's rules", "reason": "cfn-lint is not installed: pip install 'sec-provisioner[lint]'"}
    ]
    assert "not checked: cfn-lint's rules" in ran.stdout


def test_a_generated_template_read_from_its_file_is_as_good(tool: Tool, config: str) -> None:
    tool("create-prov-template", "--config", config)
    ran = tool("validate-prov-template", "--config", config, "--template", f"{STEM}-template.yaml")
    assert ran.code is ExitCode.OK, ran.stdout


def test_findings_in_a_file_have_their_line_there(tool: Tool, config: str) -> None:
    (tool.home / "templates" / "mine.yaml").write_text(
        """Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: !Sub "${AWS::StackName}-p"
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: s3:GetObjekt
            Resource: "*"
"""
    )
    ran = tool("validate-prov-template", "--config", config, "--template", "mine.yaml")
    (found,) = [one for one in ran.report["problems"] if one["id"] == "unknown-action"]
    assert (found["file"], found["line"]) == ("mine.yaml", 10)
    assert "mine.yaml:10:" in ran.stdout
    assert "Action: s3:GetObjekt" in ran.stdout


def test_a_template_that_is_not_there_lists_those_that_are(tool: Tool, config: str) -> None:
    (tool.home / "templates" / "mine.yaml").touch()
    ran = tool("validate-prov-template", "--config", config, "--template", "yours.yaml")
    assert ran.code is ExitCode.USAGE
    assert "There is no template yours.yaml" in ran.stderr
    assert "There are: mine.yaml." in ran.stderr


def test_of_what_is_no_template_nothing_is_said_to_be_checked(tool: Tool, config: str) -> None:
    (tool.home / "templates" / "mine.yaml").write_text("hello")
    result = tool("validate-prov-template", "--config", config, "--template", "mine.yaml").report["result"]
    assert result["checked"] == []
    assert result["not_checked"] == [{"what": "the template", "reason": "it can't be read"}]
