from __future__ import annotations

from typing import Any

import botocore.session

from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.execute import execute
from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.prepare_change import prepared_change
from support.small_stack import STACK, Recorder, deployment_from, run_here, small_config


def client(service: str) -> Any:
    return botocore.session.Session().create_client(service)


def deploy(deployment: Deployment, recorder: Recorder | None = None) -> Ended:
    with prepared_change(run_here(recorder), deployment) as (run, plan):
        assert not plan.blockers
        return execute(run, plan)


def stacks() -> dict[str, str]:
    return {one["StackName"]: one["StackStatus"] for one in client("cloudformation").describe_stacks()["Stacks"]}


def pending_change_sets() -> list[str]:
    """All but those that were executed, which some endpoints go on listing."""
    found = client("cloudformation").list_change_sets(StackName=STACK)["Summaries"]
    return [one["ChangeSetName"] for one in found if not one["ExecutionStatus"].startswith("EXECUTE_")]


def test_a_preview_leaves_nothing_behind(account_id: str) -> None:
    with prepared_change(run_here(), deployment_from(small_config(account_id))) as (_, plan):
        assert plan.operation == "create"
        assert {one.action for one in plan.changes} == {"add"}
        assert "edge-prod-b001-group-sta-analysts" in {one.name for one in plan.changes}
        assert stacks() == {STACK: "REVIEW_IN_PROGRESS"}
    assert stacks() == {}


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
