"""Exports: what they hold, and what they do to the folder."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sec_provisioner.errors import ExitCode
from support.startup import STEM
from support.tool import Tool

FOLDERS = {"export-groups": "groups", "export-roles": "roles", "export-policies": "policies"}


def exported(tool: Tool, config: str, action: str) -> dict[str, Any]:
    ran = tool(action, "--config", config)
    assert ran.code is ExitCode.OK, ran.stderr
    return {name: json.loads(text) for name, text in tool.files(FOLDERS[action]).items()}


def test_each_enabled_group_has_a_file_named_after_it(tool: Tool, config: str) -> None:
    files = exported(tool, config, "export-groups")
    keys = ["business-consumers", "data-scientists", "ml-engineers", "operations-support", "platform-administrators"]
    assert sorted(files) == [f"edge-prod-b001-group-sta-{key}.json" for key in keys]
    for name, content in files.items():
        assert content["name"] == name.removesuffix(".json")
        assert (content["kind"], content["stem"], content["schema_version"]) == ("group", STEM, 1)


def test_a_group_shows_all_that_it_may_do(tool: Tool, config: str) -> None:
    group = exported(tool, config, "export-groups")["edge-prod-b001-group-sta-data-scientists.json"]
    assert list(group) == sorted(group)
    assert set(group) == {
        "schema_version", "kind", "key", "name", "stem", "description", "managed_policies", "policies",
        "inline_policies", "assumable_roles", "self_service_credentials",
    }  # fmt: skip
    assert group["key"] == "data_scientists"
    assert group["assumable_roles"] == ["aml_engineer"]
    assert "edge-prod-b001-policy-sta-s3-project-buckets-only" in [one["name"] for one in group["policies"]]
    assumed = [
        statement["Resource"]
        for policy in group["inline_policies"]
        for statement in policy["document"]["Statement"]
        if statement["Action"] == ["sts:AssumeRole"]
    ]
    assert assumed == [["arn:aws:iam::123456789012:role/edge-prod-b001-role-sta-aml-engineer"]]


def test_aws_managed_policies_are_full_arns(tool: Tool, config: str) -> None:
    group = exported(tool, config, "export-groups")["edge-prod-b001-group-sta-platform-administrators.json"]
    assert group["managed_policies"] == ["arn:aws:iam::aws:policy/AdministratorAccess"]
    assert group["policies"] == []


def test_roles_have_their_trust_and_what_belongs_to_their_kind(tool: Tool, config: str) -> None:
    roles = exported(tool, config, "export-roles")
    service = roles["edge-prod-b001-role-sta-lambda-execution.json"]
    mirror = roles["edge-prod-b001-role-sta-aml-engineer.json"]
    assert service["kind"] == "service-role"
    assert service["trust_policy"]["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "mirrors_group" not in service
    assert service["permissions_boundary"] is None
    assert (mirror["kind"], mirror["mirrors_group"]) == ("assumable-role", "ml_engineers")
    assert mirror["max_session_duration"] == 3600
    assert mirror["trust_policy"]["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}


def test_policies_are_bare_documents(tool: Tool, config: str) -> None:
    for document in exported(tool, config, "export-policies").values():
        assert set(document) == {"Version", "Statement"}


@pytest.mark.parametrize("action", FOLDERS)
def test_everything_is_filled_in_but_iams_own_variables(tool: Tool, config: str, action: str) -> None:
    exported(tool, config, action)
    for text in tool.files(FOLDERS[action]).values():
        assert "${AWS::" not in text
        assert "${Project" not in text
        assert '"Ref"' not in text
        assert text.endswith("}\n")
        assert not text.endswith("\n\n")


@pytest.mark.parametrize("action", FOLDERS)
def test_a_second_run_changes_nothing(tool: Tool, config: str, action: str) -> None:
    first = tool(action, "--config", config)
    before = tool.files(FOLDERS[action])
    tool.clock.sleep(3600)
    second = tool(action, "--config", config)
    assert tool.files(FOLDERS[action]) == before
    assert second.report["result"] == {
        "written": [],
        "removed": [],
        "unchanged": first.report["result"]["written"],
    }
    assert first.report["files"] == first.report["result"]["written"] != []


def test_what_no_longer_belongs_is_removed_and_all_else_stays(tool: Tool, config: str) -> None:
    folder = tool.home / "groups"
    gone = ["edge-prod-b001-group-sta-old-group.json", "edge-prod-b001-group-med-data-scientists.json"]
    kept = [
        "edge-prod-b001-group-sta-old-group.json.orig",
        "edge-prod-b001-group-notes.json",
        "edge-prod-b001-role-sta-x.json",
        "edge-prod-b002-group-sta-old-group.json",
        "my-edge-prod-b001-group-sta-old-group.json",
        "README.md",
    ]
    for name in (*gone, *kept):
        (folder / name).write_text("{}")
    (folder / "previous").mkdir()
    (folder / "previous" / gone[0]).write_text("{}")
    (folder / "edge-prod-b001-group-sta-folder.json").mkdir()
    ran = tool("export-groups", "--config", config)
    assert ran.report["result"]["removed"] == [f"groups/{name}" for name in sorted(gone)]
    left = tool.files("groups")
    assert not set(gone) & set(left)
    assert {*kept, f"previous/{gone[0]}"} <= set(left)
    assert (folder / "edge-prod-b001-group-sta-folder.json").is_dir()


def test_a_changed_file_is_written_again(tool: Tool, config: str) -> None:
    tool("export-groups", "--config", config)
    file = tool.home / "groups" / "edge-prod-b001-group-sta-ml-engineers.json"
    text = file.read_text()
    file.write_text("{}")
    ran = tool("export-groups", "--config", config)
    assert ran.report["result"]["written"] == ["groups/edge-prod-b001-group-sta-ml-engineers.json"]
    assert file.read_text() == text


def test_a_missing_folder_is_said_with_exit_3_and_nothing_else_is_made(tool: Tool, config: str) -> None:
    (tool.home / "groups").rmdir()
    ran = tool("export-groups", "--config", config)
    assert ran.code is ExitCode.FAILED
    assert f"The folder {tool.home}/groups is missing" in ran.stderr
    assert f"mkdir -p {tool.home}/groups" in ran.stderr
    assert not (tool.home / "groups").exists()


def test_an_invalid_config_exports_nothing_and_ends_with_exit_1(tool: Tool, config: str) -> None:
    path = tool.home / "configs" / config
    path.write_text(path.read_text() + "\nsurprise: 1\n")
    ran = tool("export-groups", "--config", config)
    assert ran.code is ExitCode.FINDINGS
    assert "unknown key `surprise`" in ran.stdout
    assert tool.files("groups") == {}
