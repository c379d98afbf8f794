"""The tool's own process, killed for real in the middle of a call: the server goes on, the next run ends well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.fault_state import account_state
from support.local_aws import LocalAccount, ServerControl
from support.small_stack import STACK, client, small_config
from support.tool import make_tool

CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
READERS = "edge-prod-b001-group-sta-readers"
_PATIENCE = 30

Command = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def command(aws: LocalAccount, tmp_path: Path) -> Command:
    """The tool as a process of its own, in a home of its own."""
    tool = make_tool(tmp_path / "sec")
    tool.write_config(small_config(aws.account_id))
    environment = {**os.environ, **aws.environment, "HOME": str(tmp_path), "SEC_HOME": str(tmp_path / "sec")}

    def start(action: str, *flags: str, config: str | None = None) -> subprocess.Popen[str]:
        if config is not None:
            tool.write_config(config)
        line = [sys.executable, "-m", "sec_provisioner", action, "--config", CONFIG, *flags]
        return subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return start


def _done(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 0, err
    return out


def _kill_in(process: subprocess.Popen[str], faults: ServerControl) -> None:
    """Kill the tool while the server holds its call back, then let the server go on."""
    deadline = time.monotonic() + _PATIENCE
    while not any(one["seen"] for one in faults.listed()):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.communicate()
    faults.clear()


def _hold(faults: ServerControl, service: str, operation: str) -> None:
    faults.add(kind="delay", service=service, operation=operation, seconds=2.0)


@pytest.mark.fault("the tool is killed for real in a call of deploy", "the same command, typed again, ends it")
@pytest.mark.parametrize(
    "operation", ["CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "DescribeStackEvents"]
)
def test_a_deployment_that_is_killed_is_ended_by_the_next(
    command: Command, faults: ServerControl, aws: LocalAccount, operation: str
) -> None:
    _done(command("deploy", "--force"))
    wider = small_config(aws.account_id, groups=("analysts", "readers", "writers"))
    _hold(faults, "cloudformation", operation)
    _kill_in(command("deploy", "--force", config=wider), faults)
    _done(command("deploy", "--force", "--wait"))
    groups = {one["GroupName"] for one in client("iam").list_groups()["Groups"]}
    assert "edge-prod-b001-group-sta-writers" in groups
    assert [one["pending"] for one in account_state()["stacks"]] == [0]
    _done(command("check-drift"))


@pytest.mark.fault("the tool is killed for real in a call of delete-stack", "nobody's membership is lost")
@pytest.mark.parametrize(("service", "operation"), [("iam", "RemoveUserFromGroup"), ("cloudformation", "DeleteStack")])
def test_a_deletion_that_is_killed_loses_no_member(
    command: Command, faults: ServerControl, service: str, operation: str
) -> None:
    _done(command("deploy", "--force"))
    iam = client("iam")
    for user in ("anna", "bert"):
        iam.create_user(UserName=user)
        iam.add_user_to_group(GroupName=READERS, UserName=user)
    _hold(faults, service, operation)
    _kill_in(command("delete-stack", "--force"), faults)
    _done(command("delete-stack", "--force", "--wait"))
    assert STACK not in {one["name"] for one in account_state()["stacks"]}
    _done(command("deploy", "--force"))
    _done(command("restore-members", "--force"))
    assert [one["UserName"] for one in iam.get_group(GroupName=READERS)["Users"]] == ["anna", "bert"]


@pytest.mark.fault("the tool is killed for real while it sets drift back", "the next run sets the rest back")
def test_a_repair_that_is_killed_is_ended_by_the_next(command: Command, faults: ServerControl) -> None:
    _done(command("deploy", "--force"))
    iam = client("iam")
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    for name in ("one", "two", "three"):
        iam.put_group_policy(GroupName=READERS, PolicyName=name, PolicyDocument=json.dumps(document))
    faults.add(kind="delay", service="iam", operation="DeleteGroupPolicy", nth=2, seconds=2.0)
    deadline = time.monotonic() + _PATIENCE
    process = command("deploy", "--force")
    while len(iam.list_group_policies(GroupName=READERS)["PolicyNames"]) > 3:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.communicate()
    faults.clear()
    _done(command("deploy", "--force"))
    _done(command("check-drift"))
