"""What show-changes relies on: a plan that tells everything and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest

from sec_local.faults import Fault
from sec_provisioner.aws import session, upload
from sec_provisioner.errors import AwsError, RefusedError
from sec_provisioner.lifecycle.prepare_change import prepared_change
from support.small_stack import (
    STACK,
    Recorder,
    client,
    deploy,
    deployment_from,
    large_config,
    make_change_set,
    pending_change_sets,
    run_here,
    small_config,
    stack_statuses,
)


def test_a_first_preview_leaves_neither_change_set_nor_stack(account_id: str) -> None:
    with prepared_change(run_here(), deployment_from(small_config(account_id))) as (_, plan):
        assert plan.operation == "create"
        assert {one.action for one in plan.changes} == {"add"}
        assert "edge-prod-b001-group-sta-analysts" in {one.name for one in plan.changes}
        assert stack_statuses() == {STACK: "REVIEW_IN_PROGRESS"}
    assert stack_statuses() == {}


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_preview_leaves_nothing(account_id: str, interruption: type[BaseException]) -> None:
    with pytest.raises(interruption), prepared_change(run_here(), deployment_from(small_config(account_id))):
        raise interruption
    assert stack_statuses() == {}


@pytest.mark.parametrize("operation", ["DescribeChangeSet", "GetTemplate"])
def test_a_preview_that_fails_half_way_leaves_nothing(local_aws: Any, account_id: str, operation: str) -> None:
    local_aws.faults.add(Fault("error", service="cloudformation", operation=operation, times=0, code="Odd", status=400))
    with (
        pytest.raises(AwsError, match="Odd"),
        prepared_change(run_here(), deployment_from(small_config(account_id))),
    ):
        pass
    assert stack_statuses() == {}


def test_a_change_set_whose_answer_was_lost_is_found_by_its_name(
    local_aws: Any, account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_RETRIES", {"total_max_attempts": 1})
    local_aws.faults.add(Fault("drop", service="cloudformation", operation="CreateChangeSet", after=True, times=0))
    with pytest.raises(AwsError), prepared_change(run_here(), deployment_from(small_config(account_id))):
        pass
    local_aws.faults.clear()
    assert stack_statuses() == {}


def test_what_a_killed_run_left_goes_away_with_the_next(account_id: str) -> None:
    deployment = deployment_from(small_config(account_id))
    context = prepared_change(run_here(), deployment)
    context.__enter__()  # and never left: the process was killed here
    assert stack_statuses() == {STACK: "REVIEW_IN_PROGRESS"}
    heard = Recorder()
    with prepared_change(run_here(heard), deployment) as (_, plan):
        assert len(pending_change_sets()) == 1
        assert plan.operation == "create"
    assert any("earlier run left" in line for line in heard.lines)
    assert stack_statuses() == {}


def test_somebody_elses_change_set_and_its_empty_stack_stay(account_id: str) -> None:
    deployment = deployment_from(small_config(account_id))
    make_change_set("theirs", deployment.text, "CREATE")
    with prepared_change(run_here(), deployment):
        assert len(pending_change_sets()) == 2
    assert pending_change_sets() == ["theirs"]
    assert stack_statuses() == {STACK: "REVIEW_IN_PROGRESS"}


def test_a_colleagues_preview_is_not_removed_although_this_tool_made_it(account_id: str) -> None:
    deployment = deployment_from(small_config(account_id))
    make_change_set("sec-provisioner-abc", deployment.text, "CREATE", "SEC Provisioner 1, for user/other; goes away")
    with prepared_change(run_here(), deployment):
        pass
    assert pending_change_sets() == ["sec-provisioner-abc"]


def test_a_modified_group_shows_the_statement_that_changes(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    changed = small_config(account_id).replace("sns:ListTopics", "sns:ListSubscriptions")
    with prepared_change(run_here(), deployment_from(changed)) as (_, plan):
        groups = [one for one in plan.changes if one.type == "AWS::IAM::Group"]
        assert [one.action for one in groups] == ["modify", "modify"]
        (changed_property,) = groups[0].properties
        assert changed_property.path.endswith("PolicyDocument.Statement[OwnTopics].Action")
        assert (changed_property.before, changed_property.after) == (["sns:ListTopics"], ["sns:ListSubscriptions"])


def test_without_a_change_set_the_templates_tell_the_same(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    changed = deployment_from(small_config(account_id, groups=("analysts", "writers")))
    with prepared_change(run_here(), changed) as (_, plan):
        pass
    with prepared_change(run_here(), changed, use_change_set=False) as (_, compared):
        assert pending_change_sets() == []
    assert compared.change_set is None
    assert compared.operation == plan.operation == "update"
    assert compared.outline == plan.outline
    assert compared.digest == plan.digest
    assert compared.notes


def test_without_a_change_set_no_change_is_seen_as_well(account_id: str) -> None:
    deployment = deployment_from(small_config(account_id))
    deploy(deployment)
    with prepared_change(run_here(), deployment, use_change_set=False) as (_, plan):
        assert plan.is_nothing


def test_the_digest_is_of_the_change_and_not_of_the_moment(account_id: str) -> None:
    digests = []
    for groups in (("analysts",), ("analysts",), ("readers",)):
        with prepared_change(run_here(), deployment_from(small_config(account_id, groups=groups))) as (_, plan):
            digests.append(plan.digest)
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("use_change_set", [True, False])
def test_a_changed_tag_is_shown_with_its_values_and_is_in_the_digest(account_id: str, use_change_set: bool) -> None:
    deploy(deployment_from(small_config(account_id)))
    digests = []
    for owner in ("ops", "nobody"):
        tagged = deployment_from(small_config(account_id).replace("owner: security", f"owner: {owner}"))
        with prepared_change(run_here(), tagged, use_change_set=use_change_set) as (_, plan):
            digests.append(plan.digest)
        (role,) = (one for one in plan.changes if one.type == "AWS::IAM::Role")
        (tag,) = role.properties
        assert (tag.path, tag.before, tag.after) == ("Tags[owner]", "security", owner)
    assert digests[0] != digests[1]


def test_a_policy_that_nobody_made_blocks_until_it_is_there(account_id: str) -> None:
    bounded = deployment_from(small_config(account_id, deployment="permissions_boundary: Cap"))
    with prepared_change(run_here(), bounded) as (_, plan):
        (blocker,) = plan.blockers
    assert blocker.id == "policy-not-there"
    assert f"arn:aws:iam::{account_id}:policy/Cap does not exist, and RoleWorker would get it" in blocker.message
    document = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    client("iam").create_policy(PolicyName="Cap", PolicyDocument=document)
    with prepared_change(run_here(), bounded) as (_, plan):
        assert plan.blockers == ()


def test_a_group_that_would_go_with_its_members_blocks(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    iam = client("iam")
    iam.create_user(UserName="anna")
    iam.add_user_to_group(GroupName="edge-prod-b001-group-sta-readers", UserName="anna")
    with prepared_change(run_here(), deployment_from(small_config(account_id, groups=("analysts",)))) as (_, plan):
        assert [one.id for one in plan.blockers] == ["group-has-members"]
        (removed,) = [one for one in plan.changes if one.type == "AWS::IAM::Group"]
        assert removed.action == "remove"
        assert "anna" in removed.costs[0]


def test_a_stack_that_is_being_worked_on_is_refused_with_since_when_and_by_whom(
    local_aws: Any, account_id: str
) -> None:
    deployment = deployment_from(small_config(account_id))
    local_aws.settings.delay = 0.05
    client("cloudformation").create_stack(
        StackName=STACK,
        TemplateBody=deployment.text,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        ClientRequestToken="Console-CreateStack-1",
    )
    with (
        pytest.raises(RefusedError, match=r"CREATE_IN_PROGRESS since 20.* UTC.*"),
        prepared_change(run_here(), deployment),
    ):
        pass
    with prepared_change(run_here(), deployment, wait=True) as (_, plan):
        assert stack_statuses() == {STACK: "CREATE_COMPLETE"}
        assert plan.stack is not None


def test_a_preview_takes_its_template_out_of_the_bucket_again(account_id: str) -> None:
    deployment = deployment_from(large_config(account_id))
    upload.create_bucket(run_here().aws, deployment.bucket, "aws")
    s3 = client("s3")
    with prepared_change(run_here(), deployment) as (_, plan):
        assert plan.change_set is not None
        (sent,) = s3.list_object_versions(Bucket=deployment.bucket.name)["Versions"]
        assert deployment.digest in sent["Key"]
    assert "Versions" not in s3.list_object_versions(Bucket=deployment.bucket.name)
    assert stack_statuses() == {}


def test_a_stack_that_only_a_person_can_mend_is_explained(local_aws: Any, account_id: str) -> None:
    deployment = deployment_from(small_config(account_id))
    deploy(deployment)
    local_aws.faults.add(Fault("resource", operation="delete", resource="GroupReaders", message="Not now"))
    client("cloudformation").delete_stack(StackName=STACK)
    for _ in run_here().looks():
        if stack_statuses()[STACK] == "DELETE_FAILED":
            break
    with pytest.raises(RefusedError, match="DELETE_FAILED") as caught, prepared_change(run_here(), deployment):
        pass
    assert "delete-stack" in caught.value.hint
