"""Drift-aware change sets: what is really there stands where the last deployment would, so that it is put right.

They see what drift detection sees, and nothing else.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
"""

from __future__ import annotations

import copy
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.wire import Params, parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

Stack = dict[str, Any]
Properties = dict[str, Any]

MODE = "REVERT_DRIFT"


@dataclass(frozen=True)
class Live:
    """A resource as drift detection found it. `properties` is what is really there, None where nothing is."""

    drift: dict[str, Any]
    properties: Properties | None


def is_asked_for(params: Params) -> bool:
    """Whether a change set is to be drift-aware."""
    return parameter(params, "DeploymentMode") == MODE


def fetch_drifted(stack: Stack) -> dict[str, Live]:
    """The resources that drifted, by logical id."""
    from ministack.core.responses import now_iso  # noqa: PLC0415 - imported on first use
    from ministack.services.cloudformation import drift  # noqa: PLC0415 - the same

    found = {}
    for logical_id, record in (stack.get("_resources") or {}).items():
        if not drift.supports_drift(record["ResourceType"]):
            continue
        one = drift.detect_resource_drift(stack, logical_id, record, now_iso())
        if one["StackResourceDriftStatus"] == "MODIFIED":
            found[logical_id] = Live(one, _live_properties(record["Properties"], one))
        elif one["StackResourceDriftStatus"] == "DELETED":
            found[logical_id] = Live(one, None)
    return found


def _live_properties(stated: Properties, drift: dict[str, Any]) -> Properties:
    expected, actual = json.loads(drift["ExpectedProperties"]), json.loads(drift["ActualProperties"])
    changed = {name for name in expected if expected[name] != actual.get(name)}
    kept = {name: value for name, value in stated.items() if name not in changed}
    return {**kept, **{name: actual[name] for name in changed if name in actual}}


@contextmanager
def as_it_is(stack: Stack, drifted: dict[str, Live]) -> Iterator[None]:
    """Inside, the stack reads as if its last deployment had made what is really there."""
    before = {name: stack.get(name) for name in ("_template", "_resources")}
    stack.update(copy.deepcopy(before))
    take_over(stack, drifted)
    try:
        yield
    finally:
        stack.update(before)


def take_over(stack: Stack, drifted: dict[str, Live]) -> None:
    """Make the stack's own record say what is really there: the update that follows goes from there."""
    definitions, records = (stack.get("_template") or {}).get("Resources") or {}, stack["_resources"]
    for logical_id, live in drifted.items():
        if live.properties is None:
            records.pop(logical_id, None)
            definitions.pop(logical_id, None)
        elif logical_id in records:
            records[logical_id]["Properties"] = live.properties
            definitions[logical_id]["Properties"] = copy.deepcopy(live.properties)


def describe(change_set: dict[str, Any], drifted: dict[str, Live]) -> None:
    """What a drift-aware change set says more: the drift of each resource, and of each property that changes."""
    change_set["DeploymentMode"] = MODE
    change_set["StackDriftStatus"] = "DRIFTED" if drifted else "IN_SYNC"
    change_set["_drifted"] = sorted(drifted)
    for change in (one["ResourceChange"] for one in change_set["Changes"]):
        live = drifted.get(change["LogicalResourceId"])
        change["ResourceDriftStatus"] = live.drift["StackResourceDriftStatus"] if live else "IN_SYNC"
        if live is None or live.properties is None:
            continue
        expected, actual = json.loads(live.drift["ExpectedProperties"]), json.loads(live.drift["ActualProperties"])
        for target in (detail["Target"] for detail in change.get("Details", [])):
            name = target.get("Name", target["Attribute"])
            if name in expected and expected[name] != actual.get(name):
                target["Drift"] = {
                    "PreviousValue": _text(expected[name]),
                    "ActualValue": _text(actual.get(name)),
                    "DriftDetectionTimestamp": live.drift["Timestamp"],
                }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
