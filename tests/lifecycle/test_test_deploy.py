"""test-deploy as an operator types it, in process, on the local AWS."""

from __future__ import annotations

import gc
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sec_local.faults import Fault
from sec_provisioner.actions import test_deploy
from sec_provisioner.errors import AwsError
from sec_provisioner.lifecycle import prepare_change, verify
from sec_provisioner.lifecycle.live_state import fetch_live_state
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.identity import LiveAccount
from support.configs import master
from support.small_stack import STACK, STEM, client, large_config, make_change_set, small_config, stack_statuses
from support.tool import Ran, Tool, make_tool, run
from support.whole_account import whole_account

TEST_STACK = f"{STEM}-test-abc123-stack"
COMMAND = f"aws cloudformation delete-stack --stack-name {TEST_STACK} --region us-west-1"
WORKER = "edge-prod-b001-role-sta-worker-abc123"


def result(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = ran.report["result"]
    return found


# --- it ends well -----------------------------------------------------------------------------------


def test_a_test_stack_is_made_without_a_question_read_back_and_told_with_the_command_that_deletes_it(
    tool: Tool,
) -> None:
    ran = run(tool, "test-deploy")
    assert ran.code == 0, ran.stderr
    assert stack_statuses() == {TEST_STACK: "CREATE_COMPLETE"}
    assert COMMAND in ran.stdout
    assert COMMAND in ran.log
    assert "error" not in ran.log.lower()
    found = result(ran)
    assert (found["stack"], found["suffix"], found["delete_command"]) == (TEST_STACK, "abc123", COMMAND)
    assert (found["mode"], found["deleted"]) == ("express", False)
    assert {one["status"] for one in found["verified"]} == {"in_sync"}
    assert len(found["verified"]) == len(found["changes"])
    assert all(one["name"].endswith("-abc123") or "-test-abc123/" in one["name"] for one in found["verified"])


def test_the_command_that_is_told_deletes_the_stack(tool: Tool) -> None:
    words = shlex.split(result(run(tool, "test-deploy"))["delete_command"])
    assert words[:4] == ["aws", "cloudformation", "delete-stack", "--stack-name"]
    client("cloudformation").delete_stack(StackName=words[4])
    client("cloudformation").get_waiter("stack_delete_complete").wait(StackName=words[4], WaiterConfig={"Delay": 1})
    assert stack_statuses() == {}


def test_the_command_goes_where_the_run_went(tool: Tool) -> None:
    ran = run(tool, "test-deploy", "--dry-run", "--endpoint-url", "http://127.0.0.1:9")
    assert result(ran)["delete_command"] == f"{COMMAND} --endpoint-url http://127.0.0.1:9"


def test_what_is_in_production_is_as_it_was_before_and_with_cleanup_the_whole_account(tool: Tool) -> None:
    assert run(tool, "deploy", "--force").code == 0
    before = whole_account()
    assert before
    ran = run(tool, "test-deploy")
    assert ran.code == 0, ran.stderr
    after = whole_account()
    assert {key: after[key] for key in before} == before
    assert all("abc123" in key for key in set(after) - set(before))
    assert run(tool, "delete-test-stacks", "--force").code == 0
    cleaned = run(tool, "test-deploy", "--cleanup")
    assert (cleaned.code, result(cleaned)["deleted"]) == (0, True)
    assert "deleted" in cleaned.stdout
    assert "to delete it" not in cleaned.stdout
    assert whole_account() == before


def test_a_dry_run_makes_nothing(tool: Tool) -> None:
    ran = run(tool, "test-deploy", "--dry-run")
    assert (ran.code, result(ran)["outcome"], result(ran)["operation"]) == (0, None, "create")
    assert whole_account() == {}


def test_a_tier_that_is_too_large_for_a_request_goes_through_the_bucket(tmp_path: Path, account_id: str) -> None:
    tool = make_tool(tmp_path / "medium")
    tool.write_config(master("medium", client__account_id=account_id))
    ran = run(tool, "test-deploy", "--cleanup")
    assert ran.code == 0, ran.stderr
    assert result(ran)["bucket"] == {"name": f"sec-templates-{account_id}-us-west-1", "created": True}
    assert {one["status"] for one in result(ran)["verified"]} == {"in_sync"}
    assert stack_statuses() == {}
    again = run(tool, "test-deploy", "--dry-run")
    assert result(again)["bucket"]["created"] is False


def test_a_bucket_that_the_config_names_is_made_only_when_asked(tool: Tool, account_id: str) -> None:
    tool.write_config(large_config(account_id, "template_bucket: my-templates"))
    refused = run(tool, "test-deploy")
    assert (refused.code, "--create-bucket" in refused.stderr) == (3, True)
    allowed = run(tool, "test-deploy", "--create-bucket", "--dry-run")
    assert (allowed.code, result(allowed)["bucket"]) == (0, {"name": "my-templates", "created": True})
    assert "express mode" in allowed.stdout


def test_a_production_stack_is_protected_a_test_stack_never(tool: Tool, account_id: str) -> None:
    tool.write_config(small_config(account_id, deployment="termination_protection: true"))
    ran = run(tool, "test-deploy")
    assert "it has no termination protection" in result(ran)["differs_from_production"]
    (stack,) = client("cloudformation").describe_stacks(StackName=TEST_STACK)["Stacks"]
    assert not stack["EnableTerminationProtection"]


def test_cross_account_roles_trust_the_own_account(tool: Tool, account_id: str) -> None:
    tool.write_config(with_partner(account_id))
    ran = run(tool, "test-deploy")
    assert ran.code == 0, ran.stderr
    role = client("iam").get_role(RoleName="edge-prod-b001-role-sta-partner-abc123")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{account_id}:root"}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "very-secret-id"}}
    assert [one for one in result(ran)["differs_from_production"] if "instead of another" in one] == [
        "trusted is this account instead of another one: edge-prod-b001-role-sta-partner"
    ]
    assert "very-secret-id" not in ran.stdout + ran.stderr + ran.log + str(ran.report)


def with_partner(account_id: str) -> str:
    text = small_config(account_id).replace(
        "enabled_service_roles: [worker]", "enabled_service_roles: [worker]\n    enabled_cross_account_roles: [partner]"
    )
    return f"""{text}\
  cross_account_roles:
    partner:
      description: A partner
      trusted_account: "210987654321"
      trusted_roles: ["arn:aws:iam::210987654321:role/deployer"]
      external_id: very-secret-id
      policy_assignments: {{s3: level1}}
"""


# --- express mode -----------------------------------------------------------------------------------


def test_where_express_mode_is_refused_the_standard_one_is_used_and_said(tool: Tool, local_aws: Any) -> None:
    local_aws.settings.express = False
    ran = run(tool, "test-deploy")
    assert ran.code == 0, ran.stderr
    found = result(ran)
    assert found["mode"] == "standard"
    assert [one for one in found["notes"] if "standard mode is used" in one]
    assert "standard mode is used" in ran.stdout
    assert not [one for one in found["differs_from_production"] if "express" in one]
    assert {one["status"] for one in found["verified"]} == {"in_sync"}


def test_in_express_mode_a_failure_is_rolled_back_all_the_same(tool: Tool, local_aws: Any) -> None:
    local_aws.faults.add(Fault("resource", operation="create", resource="RoleWorker", message="No more roles"))
    ran = run(tool, "test-deploy")
    assert ran.code == 3
    assert result(ran)["mode"] == "express"
    assert result(ran)["outcome"]["root_cause"]["logical_id"] == "RoleWorker"
    assert stack_statuses() == {TEST_STACK: "ROLLBACK_COMPLETE"}
    assert client("iam").list_roles()["Roles"] == []
    message = ran.report["failure"]
    assert message["message"].startswith("RoleWorker")
    assert COMMAND in message["hint"]


# --- reading back -----------------------------------------------------------------------------------


def before_reading_back(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something between the end of the operation and the first look."""

    def acting(*args: Any) -> verify.Executed:
        act()
        return verify.read_back(*args)

    monkeypatch.setattr(test_deploy, "read_back", acting)


def test_what_is_not_as_the_template_says_is_told_and_is_no_success(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_reading_back(
        monkeypatch, lambda: client("iam").update_role(RoleName=WORKER, MaxSessionDuration=7200, Description="Works")
    )
    ran = run(tool, "test-deploy")
    assert ran.code == 3
    wrong = [one for one in result(ran)["verified"] if one["status"] != "in_sync"]
    assert [(one["name"], one["differences"][0]["property"]) for one in wrong] == [(WORKER, "MaxSessionDuration")]
    assert WORKER in ran.report["failure"]["message"]
    assert "MaxSessionDuration changed" in ran.stdout
    assert COMMAND in ran.stderr


def test_cleanup_comes_after_a_failed_reading_back_too(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'
    before_reading_back(
        monkeypatch,
        lambda: client("iam").put_role_policy(RoleName=WORKER, PolicyName="extra", PolicyDocument=document),
    )
    ran = run(tool, "test-deploy", "--cleanup")
    assert (ran.code, result(ran)["deleted"], "is deleted" in ran.stderr) == (3, True, True)
    assert whole_account() == {}


def test_what_iam_shows_late_is_waited_for_with_growing_pauses(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, pauses = iter(range(100)), list[float]()

    def fetch_late(run: Any, resources: Any) -> LiveState:
        live = fetch_live_state(run, resources)
        return LiveState(live.account) if next(looks) < 4 else live

    monkeypatch.setattr(verify, "fetch_live_state", fetch_late)
    monkeypatch.setattr(type(tool.clock), "sleep", lambda _, seconds: pauses.append(seconds))
    ran = run(tool, "test-deploy")
    assert ran.code == 0, ran.stderr
    assert pauses[-4:] == sorted(pauses[-4:])
    assert next(looks) == 5


def test_reading_back_comes_to_an_end(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "fetch_live_state", lambda *_: LiveState(LiveAccount()))
    begun = tool.clock.time
    ran = run(tool, "test-deploy")
    assert ran.code == 3
    assert {one["status"] for one in result(ran)["verified"]} == {"missing"}
    assert 30 < (tool.clock.time - begun).total_seconds() < 120


# --- it does not end well ---------------------------------------------------------------------------


def test_cleanup_comes_after_a_failure_too(tool: Tool, local_aws: Any) -> None:
    local_aws.faults.add(Fault("resource", operation="create", resource="RoleWorker"))
    ran = run(tool, "test-deploy", "--cleanup")
    assert (ran.code, result(ran)["deleted"]) == (3, True)
    assert ran.report["failure"]["message"].startswith("RoleWorker")
    assert whole_account() == {}


def test_a_cleanup_that_fails_is_said_with_what_remains(tool: Tool, local_aws: Any) -> None:
    local_aws.faults.add(Fault("resource", operation="delete", resource="GroupReaders", message="Not now"))
    ran = run(tool, "test-deploy", "--cleanup")
    assert (ran.code, result(ran)["deleted"]) == (3, False)
    assert "could not be deleted" in ran.report["failure"]["message"]
    assert COMMAND in ran.report["failure"]["hint"]
    assert stack_statuses() == {TEST_STACK: "DELETE_FAILED"}


def test_a_connection_that_is_lost_on_the_way_is_followed_by_the_cleanup(tool: Tool, local_aws: Any) -> None:
    local_aws.faults.add(
        Fault("expired-token", service="cloudformation", operation="DescribeStackEvents", nth=2, times=1)
    )
    ran = run(tool, "test-deploy", "--cleanup")
    assert (ran.code, "expired" in ran.stderr, "is deleted" in ran.stderr) == (3, True, True)
    assert "Run deploy again" not in ran.stderr
    assert whole_account() == {}


def test_where_reading_back_is_not_possible_the_stack_is_reported_all_the_same(tool: Tool, local_aws: Any) -> None:
    local_aws.faults.add(Fault("error", service="iam", operation="ListRoles", times=0, code="AccessDenied", status=403))
    ran = run(tool, "test-deploy")
    assert (ran.code, "ListRoles" in ran.stderr, COMMAND in ran.stderr) == (3, True, True)
    assert result(ran)["outcome"]["stack_status"] == "CREATE_COMPLETE"


def test_an_interruption_says_what_remains(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(test_deploy, "read_back", interrupt)
    ran = run(tool, "test-deploy", "--cleanup")
    assert ran.code == 130
    assert f"{TEST_STACK} remains. To delete it: {COMMAND}" in ran.stderr
    assert "error" not in ran.log.lower()
    assert result(ran)["stack"] == TEST_STACK


def test_a_name_that_only_the_suffix_makes_too_long_blocks_test_deploy_alone(tool: Tool, account_id: str) -> None:
    key = "w" * (64 - len("edge-prod-b001-role-sta-") - 3)
    text = small_config(account_id).replace("worker", key)
    tool.write_config(text)
    ran = run(tool, "test-deploy")
    assert ran.code == 4
    assert "has 68 characters; IAM takes 64" in ran.stderr
    assert "Shorten its key by 4" in ran.stderr
    tool.write_config(text.replace("company_prefix: edge", "company_prefix: " + "e" * 10).replace(key, key[:-5]))
    named = run(tool, "test-deploy")
    assert "has 69 characters; IAM takes 64" in named.stderr
    assert "company_prefix to 5 characters" in named.stderr
    assert whole_account() == {}
    tool.write_config(text)
    assert run(tool, "deploy", "--force").code == 0


def test_an_invalid_config_is_an_invalid_config(tool: Tool, account_id: str) -> None:
    tool.write_config(small_config(account_id).replace("s3: level2", "s3: level9"))
    assert run(tool, "test-deploy").code == 1


# --- what earlier runs left -------------------------------------------------------------------------


def killed_before_execution(tool: Tool, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """What a run leaves that is killed between its change set and the execution."""

    def die(*_: object) -> None:
        raise AwsError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(test_deploy, "execute", die)
        patch.setattr(prepare_change, "discard", lambda *_: None)
        tool.suffix = suffix
        assert run(tool, "test-deploy").code == 3
    assert stack_statuses()[f"{STEM}-test-{suffix}-stack"] == "REVIEW_IN_PROGRESS"


class Killed(BaseException):
    """Ends a run without a word: nothing of the tool catches it."""


def die(*_: object) -> None:
    raise Killed


# The log of a run that was killed is never closed, which is what this is about.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_stack_of_a_killed_run_goes_with_the_next(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    tool.suffix = "kept01"
    assert run(tool, "test-deploy").code == 0
    tool.suffix = "dead01"
    with monkeypatch.context() as patch:
        patch.setattr(test_deploy, "read_back", die)
        with pytest.raises(Killed) as killed:
            run(tool, "test-deploy")
    names = {one: f"{STEM}-test-{one}-stack" for one in ("kept01", "dead01", "alive1")}
    assert set(stack_statuses()) == {names["kept01"], names["dead01"]}

    (tool.home / "reports" / f"{STEM}-test-deploy-1.json").write_text("The run did not come to its end.")
    tool.suffix = "alive1"
    assert run(tool, "test-deploy", "--cleanup").code == 0
    assert names["dead01"] in stack_statuses(), "its log is still held, so it may be going on"

    del killed
    gc.collect()
    assert run(tool, "test-deploy", "--dry-run").code == 0
    assert names["dead01"] in stack_statuses()
    ran = run(tool, "test-deploy", "--cleanup")
    assert (ran.code, f"{names['dead01']} of a run that was killed" in ran.stderr) == (0, True)
    assert set(stack_statuses()) == {names["kept01"]}


@pytest.mark.parametrize("action", [("test-deploy", "--cleanup"), ("delete-test-stacks", "--force")])
def test_an_empty_stack_of_a_killed_run_goes_with_the_next(
    tool: Tool, monkeypatch: pytest.MonkeyPatch, action: tuple[str, str]
) -> None:
    killed_before_execution(tool, monkeypatch, "dead01")
    killed_before_execution(tool, monkeypatch, "dead02")
    tool.suffix = "alive1"
    ran = run(tool, *action)
    assert ran.code == 0, ran.stderr
    assert whole_account() == {}


def test_an_empty_stack_of_somebody_else_is_left_to_them(tool: Tool) -> None:
    theirs = f"{STEM}-test-theirs-stack"
    parameter = '{"Resources":{"P":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":"x"}}}}'
    by = "SEC Provisioner 1.0.0, for user/bob; goes away when the run ends"
    make_change_set("sec-provisioner-1", parameter, "CREATE", by, theirs)
    ran = run(tool, "test-deploy", "--cleanup")
    assert (ran.code, theirs in ran.stderr) == (0, True)
    refused = run(tool, "delete-test-stacks", "--force")
    assert (refused.code, "user/bob" in refused.stderr) == (4, True)
    assert stack_statuses() == {theirs: "REVIEW_IN_PROGRESS"}


def test_a_suffix_that_is_taken_is_drawn_again(tool: Tool) -> None:
    assert run(tool, "test-deploy").code == 0
    again = run(tool, "test-deploy")
    assert (again.code, "is there already" in again.stderr) == (4, True)
    assert stack_statuses() == {TEST_STACK: "CREATE_COMPLETE"}
    tool.suffix = "other1"
    assert run(tool, "test-deploy").code == 0
    assert set(stack_statuses()) == {TEST_STACK, f"{STEM}-test-other1-stack"}
    assert STACK not in stack_statuses()
