from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sec_provisioner.live.events import STACK_TYPE, RootCause, StackEvent, root_cause

START = datetime(2026, 11, 23, 6, tzinfo=UTC)


def event(number: int, logical_id: str, status: str, reason: str = "", kind: str = "AWS::IAM::Role") -> StackEvent:
    return StackEvent(str(number), START + timedelta(seconds=number), logical_id, "", kind, status, reason)


def test_the_first_failure_is_the_cause_and_not_its_cascade() -> None:
    events = [
        event(0, "Stack", "CREATE_IN_PROGRESS", "User Initiated", STACK_TYPE),
        event(1, "GroupA", "CREATE_FAILED", "Resource creation cancelled"),
        event(2, "RoleB", "CREATE_FAILED", "edge-role already exists"),
        event(3, "RoleC", "CREATE_FAILED", "Limit exceeded"),
        event(4, "Stack", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed", STACK_TYPE),
    ]
    assert root_cause(events) == RootCause("RoleB", "edge-role already exists")


def test_where_no_resource_failed_the_stack_says_why() -> None:
    events = [
        event(1, "RoleB", "CREATE_COMPLETE"),
        event(2, "Stack", "ROLLBACK_IN_PROGRESS", "Output RoleArn can't be resolved", STACK_TYPE),
        event(3, "Stack", "ROLLBACK_COMPLETE", "", STACK_TYPE),
    ]
    assert root_cause(events) == RootCause(None, "Output RoleArn can't be resolved")


def test_a_lone_cancelled_resource_is_still_named() -> None:
    assert root_cause([event(1, "A", "UPDATE_FAILED", "Resource update cancelled")]) == RootCause(
        "A", "Resource update cancelled"
    )


def test_success_has_no_cause() -> None:
    assert root_cause([event(1, "A", "CREATE_COMPLETE"), event(2, "S", "CREATE_COMPLETE", "", STACK_TYPE)]) is None
