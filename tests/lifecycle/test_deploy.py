"""Create, update, no change, failure: the plain path on the local AWS."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sec_local.faults import Fault
from sec_provisioner.errors import AwsError, RefusedError, StackFailedError
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.execute import execute, set_protection, take_steps
from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.plan import Step
from sec_provisioner.lifecycle.prepare_change import prepared_change
from support.console_edits import delete_group
from support.small_stack import (
    STACK,
    Recorder,
    client,
    deploy,
    deployment_from,
    large_config,
    pending_change_sets,
    run_here,
    small_config,
    stack_statuses,
)
from support.tool import Tool, run

ANALYSTS = "edge-prod-b001-group-sta-analysts"


def test_create_update_and_no_change(account_id: str) -> None:
    seen = Recorder()
    ended = deploy(deployment_from(small_config(account_id)), seen)
    assert (ended.status_name, ended.is_success, ended.root_cause) == ("CREATE_COMPLETE", True, None)
    assert seen.events == list(ended.events)
    assert {one.status for one in ended.events if one.is_of_stack} >= {"CREATE_COMPLETE"}

    wider = deployment_from(small_config(account_id, groups=("analysts", "readers", "writers")))
    with prepared_change(run_here(), wider) as (run, plan):
        assert plan.operation == "update"
        assert {(one.name, one.action) for one in plan.changes if one.type == "AWS::IAM::Group"} == {
            ("edge-prod-b001-group-sta-writers", "add")
        }
        assert execute(run, plan).status_name == "UPDATE_COMPLETE"

    with prepared_change(run_here(), wider) as (_, plan):
        assert plan.is_nothing
        assert plan.changes == ()
    assert pending_change_sets() == []


def test_events_of_an_operation_are_its_own_and_in_order(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    ended = deploy(deployment_from(small_config(account_id, groups=("analysts", "writers"))))
    assert ended.events[0].status == "UPDATE_IN_PROGRESS"
    assert ended.events[-1].status == "UPDATE_COMPLETE"
    assert not {one.status for one in ended.events} & {"REVIEW_IN_PROGRESS", "CREATE_FAILED"}
    assert [one.time for one in ended.events] == sorted(one.time for one in ended.events)


def test_the_stack_carries_tags_that_say_whose_it_is(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    (stack,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    tags = {one["Key"]: one["Value"] for one in stack["Tags"]}
    assert tags["stem"] == "edge-prod-b001-us-west-1-startup-sec"
    assert tags["owner"] == "security"


def test_a_role_gets_the_stack_s_tags(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    (stack,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    (role,) = [one for one in client("iam").list_roles()["Roles"] if "edge-prod-b001-role" in one["RoleName"]]
    live = client("iam").list_role_tags(RoleName=role["RoleName"])["Tags"]
    own = [one for one in live if not one["Key"].startswith("aws:")]
    assert own
    assert sorted(own, key=str) == sorted(stack["Tags"], key=str)


def test_a_large_template_goes_through_a_bucket_that_is_made_private_first(account_id: str) -> None:
    large = deployment_from(large_config(account_id))
    assert not large.is_inline
    with prepared_change(run_here(), large) as (run, plan):
        assert plan.steps == (Step.MAKE_BUCKET,)
        assert plan.change_set is None
        assert client("s3").list_buckets()["Buckets"] == []
    take_steps(run, plan)
    with prepared_change(run_here(), large) as (run, again):
        assert (again.steps, again.outline) == ((), plan.outline)
        assert execute(run, again).is_success
    bucket = large.bucket.name
    s3 = client("s3")
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert "aws:SecureTransport" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]


def test_a_failure_names_the_first_resource_that_failed_and_what_to_do(local_aws: Any, account_id: str) -> None:
    local_aws.faults.add(
        Fault("resource", operation="create", service="AWS::IAM::Role", resource="RoleWorker", message="No more roles")
    )
    ended = deploy(deployment_from(small_config(account_id)))
    assert ended.status_name == "ROLLBACK_COMPLETE"
    assert ended.root_cause is not None
    assert ended.root_cause.logical_id == "RoleWorker"
    assert ended.failure
    assert ended.failure.message.startswith("RoleWorker")
    assert "No more roles" in ended.failure.message
    assert "ROLLBACK_COMPLETE" in ended.failure.message
    assert "deploy" in ended.failure.hint


def test_a_stack_that_a_failed_creation_left_is_cleared_away(local_aws: Any, account_id: str) -> None:
    local_aws.faults.add(Fault("resource", operation="create", resource="RoleWorker"))
    deployment = deployment_from(small_config(account_id))
    deploy(deployment)
    assert stack_statuses() == {STACK: "ROLLBACK_COMPLETE"}
    with prepared_change(run_here(), deployment) as (run, plan):
        assert plan.steps == (Step.CLEAR,)
        assert plan.notes[0].startswith("The stack is in ROLLBACK_COMPLETE: The creation was rolled back")
        assert (plan.operation, {one.action for one in plan.changes}) == ("create", {"add"})
        assert stack_statuses() == {STACK: "ROLLBACK_COMPLETE"}
    take_steps(run, plan)
    assert stack_statuses() == {}
    assert deploy(deployment).status_name == "CREATE_COMPLETE"


def test_a_failed_update_leaves_the_stack_as_it_was(local_aws: Any, account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    local_aws.faults.add(Fault("resource", operation="create", resource="GroupWriters", message="No more groups"))
    wider = deployment_from(small_config(account_id, groups=("analysts", "readers", "writers")))
    ended = deploy(wider)
    assert (ended.status_name, ended.is_success) == ("UPDATE_ROLLBACK_COMPLETE", False)
    assert ended.root_cause is not None
    assert ended.root_cause.logical_id == "GroupWriters"
    assert ended.failure
    assert "as it was before" in ended.failure.message
    assert deploy(wider).status_name == "UPDATE_COMPLETE"


def test_termination_protection_follows_the_config_even_when_nothing_else_changes(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    with prepared_change(
        run_here(), deployment_from(small_config(account_id, deployment="termination_protection: true"))
    ) as (run, plan):
        assert (plan.operation, plan.is_nothing) == ("none", False)
        set_protection(run, plan)
    (stack,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    assert stack["EnableTerminationProtection"] is True


def test_a_change_set_that_somebody_removed_is_not_executed(account_id: str) -> None:
    with prepared_change(run_here(), deployment_from(small_config(account_id))) as (run, plan):
        assert plan.change_set
        client("cloudformation").delete_change_set(ChangeSetName=plan.change_set.id)
        with pytest.raises(RefusedError, match="somebody else"):
            execute(run, plan)
    assert stack_statuses() == {}


def test_whoever_executes_second_is_refused(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    with prepared_change(run_here(), deployment_from(small_config(account_id, groups=("analysts",)))) as (run, plan):
        client("cloudformation").update_stack(
            StackName=STACK,
            TemplateBody=deployment_from(small_config(account_id, groups=("analysts", "others"))).text,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        client("cloudformation").get_waiter("stack_update_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
        with pytest.raises(RefusedError, match="somebody else"):
            execute(run, plan)
    assert "edge-prod-b001-group-sta-others" in {one["GroupName"] for one in client("iam").list_groups()["Groups"]}


def test_a_template_that_is_not_the_one_that_was_sent_is_refused(
    account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sec_provisioner.aws import change_sets  # noqa: PLC0415 - patched here

    monkeypatch.setattr(change_sets, "fetch_held_template", lambda *_: {"Resources": {}})
    with (
        pytest.raises(RefusedError, match="another template"),
        prepared_change(run_here(), deployment_from(small_config(account_id))),
    ):
        pass
    assert stack_statuses() == {}


def test_text_beyond_ascii_is_compared_as_cloudformation_keeps_it(account_id: str) -> None:
    text = small_config(account_id).replace("description: Works", "description: Führt aus")
    assert deploy(deployment_from(text)).is_success
    with prepared_change(run_here(), deployment_from(text)) as (_, plan):
        assert plan.is_nothing


def test_a_lost_answer_to_the_execution_is_no_second_execution(local_aws: Any, account_id: str) -> None:
    local_aws.faults.add(Fault("drop", service="cloudformation", operation="ExecuteChangeSet", after=True))
    assert deploy(deployment_from(small_config(account_id))).status_name == "CREATE_COMPLETE"


def test_credentials_that_expire_half_way_end_in_a_message_and_a_second_run_in_success(
    local_aws: Any, account_id: str
) -> None:
    fault = local_aws.faults.add(
        Fault("expired-token", service="cloudformation", operation="DescribeStackEvents", nth=2, times=0)
    )
    with pytest.raises(AwsError, match="expired") as caught:
        deploy(deployment_from(small_config(account_id)))
    assert "goes on by itself" in caught.value.message
    assert "--wait" in caught.value.hint
    assert fault
    local_aws.faults.clear()
    with prepared_change(run_here(), deployment_from(small_config(account_id)), wait=True) as (_, plan):
        assert plan.is_nothing


def failed_rollback(local_aws: Any, account_id: str) -> tuple[Deployment, Ended]:
    """An update whose rollback fails on the group of readers: what was to be deployed, and how that ended."""
    deploy(deployment_from(small_config(account_id)))
    config = small_config(account_id, groups=("analysts", "readers", "writers"))
    wider = deployment_from(config.replace("sns:ListTopics", "sns:ListTagsForResource"))
    # The second update of the group is the rollback's.
    local_aws.faults.add(Fault("resource", operation="create", resource="ParameterGroupWriters", message="No"))
    local_aws.faults.add(Fault("resource", operation="update", resource="GroupReaders", nth=2, message="Nor back"))
    ended = deploy(wider)
    assert ended.status_name == "UPDATE_ROLLBACK_FAILED"
    return wider, ended


def test_a_rollback_that_failed_is_continued_first(local_aws: Any, account_id: str) -> None:
    wider, ended = failed_rollback(local_aws, account_id)
    assert ended.failure
    assert "continues the rollback" in ended.failure.hint
    with prepared_change(run_here(), wider) as (run, plan):
        assert (plan.steps, plan.change_set) == ((Step.CONTINUE,), None)
        assert plan.notes[0].startswith("The stack is in UPDATE_ROLLBACK_FAILED: The update failed, and so did its")
    take_steps(run, plan)
    assert stack_statuses() == {STACK: "UPDATE_ROLLBACK_COMPLETE"}
    assert deploy(wider).status_name == "UPDATE_COMPLETE"


def test_a_rollback_that_failed_goes_on_without_what_was_deleted_by_hand(
    tool: Tool, local_aws: Any, account_id: str
) -> None:
    failed_rollback(local_aws, account_id)
    delete_group(client("iam"), "edge-prod-b001-group-sta-readers")
    assert "The rollback leaves out edge-prod-b001-group-sta-readers" in run(tool, "show-changes").stdout
    ran = run(tool, "deploy", "--force")
    assert ran.code == 0, ran.stderr
    assert "leaves out what was deleted by hand: GroupReaders" in ran.log
    assert stack_statuses() == {STACK: "UPDATE_ROLLBACK_COMPLETE"}
    assert run(tool, "check-drift").code == 0


def test_a_rollback_that_can_not_go_on_names_the_way_out(local_aws: Any, account_id: str) -> None:
    wider, _ = failed_rollback(local_aws, account_id)
    local_aws.faults.add(Fault("resource", operation="update", resource="GroupReaders", message="Still not"))
    with prepared_change(run_here(), wider) as (here, plan):
        assert plan.skipped == ()
    with pytest.raises(StackFailedError) as failure:
        take_steps(here, plan)
    assert f"continue-update-rollback --stack-name {STACK} --resources-to-skip GroupReaders" in failure.value.hint


def test_an_interruption_while_it_runs_leaves_cloudformation_to_end_it(account_id: str) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    deployment = deployment_from(small_config(account_id))
    with (
        pytest.raises(KeyboardInterrupt),
        prepared_change(replace(run_here(), on_event=interrupt), deployment) as (run, plan),
    ):
        execute(run, plan)
    with prepared_change(run_here(), deployment, wait=True) as (_, plan):
        assert plan.is_nothing


def test_a_test_stack_takes_the_same_way_and_leaves_the_real_one_alone(account_id: str) -> None:
    text = small_config(account_id)
    deploy(deployment_from(text))
    test_stack = deployment_from(text, suffix="abc123")
    assert deploy(test_stack).is_success
    with prepared_change(run_here(), test_stack) as (_, plan):
        assert plan.is_nothing
    assert set(stack_statuses()) == {STACK, test_stack.stack}
