"""CloudTrail's event history: looked up, never written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sec_provisioner.aws.errors import explained
from sec_provisioner.live.trail import TrailEvent

if TYPE_CHECKING:
    from sec_provisioner.aws.session import Aws

_EVENTS_A_PAGE = 50


@explained("look up in CloudTrail who changed something")
def fetch_events(  # noqa: PLR0913 - one page of one lookup
    aws: Aws,
    region: str,
    key: Literal["ResourceName", "EventName"],
    value: str,
    *,
    since: datetime,
    page: str | None = None,
) -> tuple[tuple[TrailEvent, ...], str | None]:
    """One page of events, newest first, without those that failed; and the token of the next page.

    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
    """
    more: Any = {"NextToken": page} if page else {}
    answer = aws.cloudtrail(region).lookup_events(
        LookupAttributes=[{"AttributeKey": key, "AttributeValue": value}],
        StartTime=since,
        MaxResults=_EVENTS_A_PAGE,
        **more,
    )
    found = (_event(one) for one in answer.get("Events", []))
    return tuple(one for one in found if one is not None), answer.get("NextToken")


def _event(one: Mapping[str, Any]) -> TrailEvent | None:
    detail: Mapping[str, Any] = json.loads(one.get("CloudTrailEvent") or "{}")
    if detail.get("errorCode"):
        return None
    who: Mapping[str, Any] = detail.get("userIdentity") or {}
    return TrailEvent(
        id=str(one.get("EventId", "")),
        time=one["EventTime"],
        name=str(one.get("EventName", "")),
        user=str(who.get("arn") or who.get("invokedBy") or one.get("Username", "")),
        source_ip=str(detail.get("sourceIPAddress", "")),
        agent=str(detail.get("userAgent", "")),
        invoked_by=str(who.get("invokedBy", "")),
        parameters=detail.get("requestParameters") or {},
    )
