"""export-iam-policy on the command line: the file, the result, narrower, wider, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sec_provisioner.errors import ExitCode
from sec_provisioner.iam.size import document_size
from support.startup import STEM
from support.tool import Tool

FILE = f"{STEM}-iam-policy.json"


def policy(tool: Tool) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tool.files("policies")[FILE])
    return found


def test_the_policy_is_written_bare_and_told_by_statement(tool: Tool, config: str) -> None:
    ran = tool("export-iam-policy", "--config", config)
    assert ran.code is ExitCode.OK, ran.stderr
    document = policy(tool)
    assert set(document) == {"Version", "Statement"}
    assert ran.report["files"] == [f"policies/{FILE}"]
    assert ran.report["result"] == {
        "policy": f"policies/{FILE}",
        "size": document_size(document),
        "statements": {one["Sid"]: len(one["Action"]) for one in document["Statement"]},
    }
    assert f"policies/{FILE} ({document_size(document):,} of 6,144 characters)" in ran.stdout
    assert "  SSMParameters" in ran.stdout
    assert "confines names, not power" in ran.stdout


def test_it_is_the_same_every_time_and_the_other_exports_leave_it_alone(tool: Tool, config: str) -> None:
    tool("export-iam-policy", "--config", config)
    first = tool.files("policies")[FILE]
    tool.clock.sleep(3600)
    tool("export-policies", "--config", config)
    assert tool.files("policies")[FILE] == first
    tool("export-iam-policy", "--config", config)
    assert tool.files("policies")[FILE] == first


@pytest.mark.parametrize("given", ["show-changes,restore-members", "restore-members, show-changes"])
def test_for_narrows_to_what_some_actions_need(tool: Tool, config: str, given: str) -> None:
    assert tool("export-iam-policy", "--config", config, "--for", given).code is ExitCode.OK
    actions = {action for one in policy(tool)["Statement"] for action in one["Action"]}
    assert {"cloudformation:CreateChangeSet", "iam:AddUserToGroup"} <= actions
    assert not {"cloudformation:ExecuteChangeSet", "iam:CreateRole"} & actions


def test_with_cloudtrail_adds_looking_up(tool: Tool, config: str) -> None:
    assert tool("export-iam-policy", "--config", config, "--with", "cloudtrail").code is ExitCode.OK
    (read,) = [one for one in policy(tool)["Statement"] if one["Sid"] == "ReadIdentity"]
    assert {"cloudtrail:LookupEvents", "iam:GetAccountAuthorizationDetails"} <= set(read["Action"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("depoly", "Did you mean deploy?"),
        ("validate-config", "validate-config is no action that calls AWS"),
        ("deploy,", "an empty name"),
        ("", "an empty name"),
    ],
)
def test_an_action_that_needs_nothing_is_refused(tool: Tool, config: str, given: str, said: str) -> None:
    ran = tool("export-iam-policy", "--config", config, "--for", given)
    assert ran.code is ExitCode.USAGE
    assert said in ran.stderr
    assert "check-drift, delete-stack" in ran.stderr
    assert tool.files("policies") == {}


def test_one_that_is_too_large_for_a_managed_policy_ends_with_exit_1(tool: Tool, config: str) -> None:
    path = tool.home / "configs" / config
    names = ", ".join(f"path-{'x' * 300}/Policy{n}" for n in range(9))
    text = path.read_text().replace("managed_policies: [AdministratorAccess]", f"managed_policies: [{names}]")
    path.write_text(text)
    ran = tool("export-iam-policy", "--config", config)
    assert ran.code is ExitCode.FINDINGS
    assert "a managed policy takes 6,144" in ran.stdout
    assert "--for" in ran.stdout
