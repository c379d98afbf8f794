"""Calls that botocore has no paginator for are paged to their end."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sec_provisioner.aws.detection import fetch_resource_drifts
from sec_provisioner.aws.trail import fetch_events


def test_all_pages_of_a_detection_are_read_a_hundred_at_a_time() -> None:
    asked: list[dict[str, Any]] = []

    def describe(**given: Any) -> dict[str, Any]:
        asked.append(given)
        page = int(given.get("NextToken", "0"))
        drifts = [{"LogicalResourceId": f"R{page}", "StackResourceDriftStatus": "IN_SYNC"}]
        # A page may be empty and yet not the last.
        return {
            "StackResourceDrifts": drifts if page != 1 else [],
            **({"NextToken": str(page + 1)} if page < 2 else {}),
        }

    aws: Any = SimpleNamespace(cloudformation=SimpleNamespace(describe_stack_resource_drifts=describe))
    assert [one.logical_id for one in fetch_resource_drifts(aws, "stack")] == ["R0", "R2"]
    assert {one["MaxResults"] for one in asked} == {100}


def test_events_that_failed_are_no_events_and_the_next_page_is_named() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    failed = {"EventId": "1", "EventTime": now, "EventName": "PutRolePolicy", "CloudTrailEvent": '{"errorCode": "x"}'}
    done = {
        "EventId": "2",
        "EventTime": now,
        "EventName": "TagRole",
        "Username": "anna",
        "CloudTrailEvent": '{"userIdentity": {"arn": "arn:aws:iam::1:user/anna"}, "requestParameters": null}',
    }
    bare = {"EventId": "3", "EventTime": now, "EventName": "TagRole", "Username": "anna"}
    client = SimpleNamespace(lookup_events=lambda **_: {"Events": [failed, done, bare], "NextToken": "more"})
    aws: Any = SimpleNamespace(cloudtrail=lambda _: client)
    events, token = fetch_events(aws, "us-east-1", "ResourceName", "x", since=now)
    assert [(one.id, one.user, one.parameters) for one in events] == [
        ("2", "arn:aws:iam::1:user/anna", {}),
        ("3", "anna", {}),
    ]
    assert token == "more"
