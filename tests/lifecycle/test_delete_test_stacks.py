"""delete-test-stacks as an operator types it: this config's test stacks go, and nothing else."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from sec_local.faults import Fault
from sec_provisioner.lifecycle import remove
from sec_provisioner.lifecycle.follow import follow
from support.small_stack import STACK, STEM, client, deployment_from, small_config, stack_statuses
from support.tool import Ran, Tool, run
from support.whole_account import whole_account

READERS = "edge-prod-b001-group-sta-readers-abc123"
WORKER = "edge-prod-b001-role-sta-worker-abc123"
PAGE = 100
PARAMETER = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}
DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'


def stack_of(suffix: str) -> str:
    return f"{STEM}-test-{suffix}-stack"


def left_behind(tool: Tool, *suffixes: str) -> None:
    for suffix in suffixes:
        tool.suffix = suffix
        assert run(tool, "test-deploy").code == 0


def result(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = ran.report["result"]
    return found


def make_stacks(*names: str, tags: dict[str, str] | None = None) -> None:
    """Stacks of somebody else's."""
    cloudformation = client("cloudformation")
    for name in names:
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=json.dumps({"Resources": {"P": PARAMETER}}),
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
    while set(stack_statuses().values()) != {"CREATE_COMPLETE"}:
        time.sleep(0.02)


def test_all_test_stacks_of_the_config_go_and_production_stays(tool: Tool) -> None:
    assert run(tool, "deploy", "--force").code == 0
    before = whole_account()
    left_behind(tool, "one111", "two222")
    ran = run(tool, "delete-test-stacks", "--force")
    assert ran.code == 0, ran.stderr
    assert result(ran)["deleted"] == [stack_of("one111"), stack_of("two222")]
    assert result(ran)["failed"] == []
    assert whole_account() == before


def test_where_there_are_none_there_is_nothing_to_do(tool: Tool) -> None:
    ran = run(tool, "delete-test-stacks")
    assert (ran.code, "no test stacks" in ran.stdout) == (0, True)


LOOKALIKES = (
    STACK,
    # Another project that begins alike, another region, another tier, names that only look so.
    "edge-x-prod-b001-us-west-1-startup-sec-test-abc123-stack",
    "x-edge-prod-b001-us-west-1-startup-sec-test-abc123-stack",
    "edge-prod-b001-us-west-2-startup-sec-test-abc123-stack",
    "edge-prod-b001-us-west-1-medium-sec-test-abc123-stack",
    f"{STEM}-test-abc12-stack",
    f"{STEM}-test-abc1234-stack",
    f"{STEM}-test-ABC123-stack",
    f"{STEM}-test-abc-12-stack",
    f"{STEM}-test-abc123-stack-2",
    f"{STEM}-test-abc123",
)


def test_what_only_looks_like_a_test_stack_is_left_alone(tool: Tool) -> None:
    make_stacks(*LOOKALIKES)
    before = whole_account()
    ran = run(tool, "delete-test-stacks", "--force")
    assert (ran.code, result(ran)["failed"]) == (0, [])
    assert whole_account() == before


@pytest.mark.parametrize("tags", [{}, {"stem": "somebody-else"}])
def test_a_stack_of_that_name_that_somebody_else_made_is_told_and_left_alone(tool: Tool, tags: dict[str, str]) -> None:
    make_stacks(stack_of("theirs"), tags=tags)
    before = whole_account()
    ran = run(tool, "delete-test-stacks", "--force")
    assert ran.code == 4
    assert [one["stack"] for one in result(ran)["failed"]] == [stack_of("theirs")]
    assert "stem" in ran.stderr
    assert whole_account() == before


def test_stacks_are_found_on_every_page(tool: Tool) -> None:
    cloudformation = client("cloudformation")
    for number in range(PAGE):
        cloudformation.create_change_set(
            StackName=f"other-{number}",
            ChangeSetName="one",
            ChangeSetType="CREATE",
            TemplateBody=json.dumps({"Resources": {"P": PARAMETER}}),
        )
    left_behind(tool, "zzz999")
    assert cloudformation.list_stacks()["NextToken"]
    ran = run(tool, "delete-test-stacks", "--force")
    assert result(ran)["deleted"] == [stack_of("zzz999")]


# --- the question -----------------------------------------------------------------------------------


def test_without_a_terminal_and_force_nothing_is_deleted(tool: Tool) -> None:
    left_behind(tool, "one111")
    ran = run(tool, "delete-test-stacks")
    assert (ran.code, "--force" in ran.stderr) == (4, True)
    assert stack_statuses() == {stack_of("one111"): "CREATE_COMPLETE"}


@pytest.mark.parametrize(("answer", "code", "stacks"), [("y\n", 0, 0), ("n\n", 4, 1), ("\n", 4, 1)])
def test_on_a_terminal_it_asks_and_shows_what_would_go(tool: Tool, answer: str, code: int, stacks: int) -> None:
    left_behind(tool, "one111")
    tool.is_terminal = True
    ran = run(tool, "delete-test-stacks", answers=answer)
    assert (ran.code, len(stack_statuses())) == (code, stacks)
    assert f"{stack_of('one111')} CREATE_COMPLETE, 10 resources" in ran.stderr


def test_a_dry_run_tells_and_deletes_nothing(tool: Tool) -> None:
    left_behind(tool, "one111")
    before = whole_account()
    ran = run(tool, "delete-test-stacks", "--dry-run")
    assert ran.code == 0
    assert [one["stack"] for one in result(ran)["found"]] == [stack_of("one111")]
    assert result(ran)["deleted"] == []
    assert whole_account() == before


# --- what is in the way -----------------------------------------------------------------------------


def test_who_and_what_was_added_by_hand_goes_with_it_and_is_told(tool: Tool) -> None:
    left_behind(tool, "abc123")
    iam = client("iam")
    iam.create_user(UserName="anna")
    iam.add_user_to_group(GroupName=READERS, UserName="anna")
    iam.put_role_policy(RoleName=WORKER, PolicyName="extra", PolicyDocument=DOCUMENT)
    ran = run(tool, "delete-test-stacks", "--force")
    assert ran.code == 0, ran.stderr
    assert result(ran)["removed_members"] == [{"group": READERS, "user": "anna"}]
    (policy,) = result(ran)["removed_policies"]
    assert (policy["policy"], policy["document"]) == ("extra", json.loads(DOCUMENT))
    assert "anna" in ran.log
    assert list(whole_account()) == ["User anna"]


def test_one_that_is_in_use_outside_stays_and_the_others_go(tool: Tool) -> None:
    left_behind(tool, "abc123", "zzz999")
    iam = client("iam")
    policy = next(one["Arn"] for one in iam.list_policies(Scope="Local")["Policies"] if "abc123" in one["Arn"])
    iam.create_user(UserName="bob")
    iam.attach_user_policy(UserName="bob", PolicyArn=policy)
    ran = run(tool, "delete-test-stacks", "--force")
    assert ran.code == 3
    assert result(ran)["deleted"] == [stack_of("zzz999")]
    (failed,) = result(ran)["failed"]
    assert (failed["stack"], "bob" in failed["reason"]) == (stack_of("abc123"), True)
    assert "--detach-foreign" not in ran.stderr
    assert iam.list_attached_user_policies(UserName="bob")["AttachedPolicies"]


def test_one_that_is_being_worked_on_stays_or_is_waited_for(
    tool: Tool, local_aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    local_aws.settings.delay = 0.5
    client("cloudformation").create_stack(
        StackName=stack_of("busy11"),
        TemplateBody=deployment_from(small_config("123456789012"), suffix="busy11").text,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Tags=[{"Key": "stem", "Value": f"{STEM}-test-busy11"}],
    )
    ran = run(tool, "delete-test-stacks", "--force")
    assert ran.code == 4
    assert "CREATE_IN_PROGRESS" in result(ran)["failed"][0]["reason"]
    local_aws.settings.delay = 0
    monkeypatch.setattr(type(tool.clock), "sleep", lambda _, seconds: time.sleep(seconds / 10))
    waited = run(tool, "delete-test-stacks", "--force", "--wait")
    assert (waited.code, result(waited)["deleted"]) == (0, [stack_of("busy11")])


def test_a_deletion_that_failed_is_told_and_taken_up_by_the_next_run(tool: Tool, local_aws: Any) -> None:
    left_behind(tool, "one111")
    local_aws.faults.add(Fault("resource", operation="delete", resource="GroupReaders", message="Not now"))
    failed = run(tool, "delete-test-stacks", "--force")
    assert (failed.code, stack_statuses()) == (3, {stack_of("one111"): "DELETE_FAILED"})
    assert "GroupReaders" in result(failed)["failed"][0]["reason"]
    again = run(tool, "delete-test-stacks", "--force")
    assert (again.code, result(again)["deleted"]) == (0, [stack_of("one111")])
    assert whole_account() == {}


def test_a_stack_that_was_rolled_back_goes_too(tool: Tool, local_aws: Any) -> None:
    local_aws.faults.add(Fault("resource", operation="create", resource="RoleWorker"))
    assert run(tool, "test-deploy").code == 3
    assert run(tool, "delete-test-stacks", "--force").code == 0
    assert whole_account() == {}


def test_an_interruption_keeps_what_was_done_until_then(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    left_behind(tool, "one111", "two222")
    calls = iter(range(9))

    def interrupt_the_second(*args: Any) -> Any:
        if next(calls):
            raise KeyboardInterrupt
        return follow(*args)

    monkeypatch.setattr(remove, "follow", interrupt_the_second)
    ran = run(tool, "delete-test-stacks", "--force")
    assert (ran.code, result(ran)["deleted"]) == (130, [stack_of("one111")])
