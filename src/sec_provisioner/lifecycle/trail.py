"""CloudTrail asked about everything that drifted, two calls a second: that is what AWS allows.

groups, roles and policies: one lookup each, by name, in the partition's home region
parameters: one lookup for each kind of event, in the stack's region
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sec_provisioner.aws.trail import fetch_events
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.findings import ResourceDrift
from sec_provisioner.live.trail import DAYS, HOME_REGIONS, PARAMETER_EVENTS, TrailEvent
from sec_provisioner.naming import Names

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
_PAUSE = timedelta(seconds=0.5)
# 1,000 events of one resource; what is older is not what the operator looks for.
_MOST_PAGES = 20
_PARAMETER = "AWS::SSM::Parameter"
_POLICY = "AWS::IAM::ManagedPolicy"

Events = Mapping[tuple[str, str], tuple[TrailEvent, ...]]
"""(type, name) of a resource -> what may be about it."""


def fetch_trail(run: Run, names: Names, drifted: Iterable[ResourceDrift]) -> Events:
    """Look up the events of the last 90 days about resources that have differences."""
    wanted = [one for one in drifted if one.differences]
    identity = names.identity
    lookup = _Lookup(run, run.clock.now() - timedelta(days=DAYS))
    home = HOME_REGIONS[identity.partition]
    found: dict[tuple[str, str], tuple[TrailEvent, ...]] = {}
    for one in wanted:
        if one.type != _PARAMETER:
            run.say(f"Asking CloudTrail about {one.name}.")
            found[one.type, one.name] = tuple(
                event for name in _looked_up(one, names) for event in lookup.all(home, "ResourceName", name)
            )
    parameters = [one for one in wanted if one.type == _PARAMETER]
    if parameters:
        run.say("Asking CloudTrail about parameters.")
        events = tuple(event for name in PARAMETER_EVENTS for event in lookup.all(identity.region, "EventName", name))
        found.update({(one.type, one.name): events for one in parameters})
    return found


def _looked_up(one: ResourceDrift, names: Names) -> tuple[str, ...]:
    """A managed policy is recorded by its ARN, at its creation by its name. Those of the stack have no path."""
    if one.type != _POLICY:
        return (one.name,)
    identity = names.identity
    own = f"arn:{identity.partition}:iam::{identity.account_id}:policy/{one.name}"
    return (str(one.differences[0].actual) if one.status == "extra" else own, one.name)


@dataclass
class _Lookup:
    """Lookups that keep the pace."""

    run: Run
    since: datetime
    last: datetime | None = field(default=None, init=False)

    def all(self, region: str, key: Literal["ResourceName", "EventName"], value: str) -> list[TrailEvent]:
        """Every page of one lookup, as far as the limit goes."""
        found: list[TrailEvent] = []
        page: str | None = None
        for _ in range(_MOST_PAGES):
            self._wait()
            events, page = fetch_events(self.run.aws, region, key, value, since=self.since, page=page)
            found.extend(events)
            if page is None:
                break
        return found

    def _wait(self) -> None:
        now = self.run.clock.now()
        if self.last is not None and now < self.last + _PAUSE:
            self.run.clock.sleep((self.last + _PAUSE - now).total_seconds())
        self.last = self.run.clock.now()
