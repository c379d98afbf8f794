"""Drift of roles and managed policies, with the blind spots that CloudFormation documents.

Only stated properties are compared; groups are not checked at all; policies that somebody added to a role beside
the stated ones go unseen.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.wire import Answer, Params, parameter, replace_action
from sec_local.iam.stores import KINDS, inline_policies, policy, store
from sec_local.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sec_local.cloudformation.resources import Properties

_ROLE = frozenset(
    {
        "RoleName", "Path", "Description", "MaxSessionDuration", "AssumeRolePolicyDocument", "Tags",
        "PermissionsBoundary", "ManagedPolicyArns", "Policies",
    }
)  # fmt: skip
_POLICY = frozenset({"ManagedPolicyName", "Path", "Description", "PolicyDocument", "Groups", "Roles", "Users"})


def install() -> None:
    """Add the two readers; detection takes its time where there is a delay."""
    from ministack.services.cloudformation import drift  # noqa: PLC0415 - imported on first use

    drift._DRIFT_READERS["AWS::IAM::Role"] = (_read_role, _ROLE)  # noqa: SLF001 - its table of readers
    drift._DRIFT_READERS["AWS::IAM::ManagedPolicy"] = (_read_policy, _POLICY)  # noqa: SLF001 - the same
    replace_action("DetectStackDrift", _starting)
    replace_action("DescribeStackDriftDetectionStatus", _waiting)


def _read_role(physical_id: str, stated: Properties) -> Properties | None:
    record = store("Role").get(physical_id)
    if record is None:
        return None
    live = {
        "RoleName": record["RoleName"],
        "Path": record.get("Path", "/"),
        "Description": record.get("Description", ""),
        "MaxSessionDuration": record.get("MaxSessionDuration"),
        "AssumeRolePolicyDocument": _value(record.get("AssumeRolePolicyDocument")),
        "Tags": {tag["Key"]: tag["Value"] for tag in record.get("Tags") or []},
        "ManagedPolicyArns": [
            arn for arn in stated.get("ManagedPolicyArns") or [] if arn in record.get("AttachedPolicies", [])
        ],
        "Policies": _stated_inline(physical_id, stated),
    }
    if record.get("PermissionsBoundary"):
        live["PermissionsBoundary"] = record["PermissionsBoundary"]
    return live


def _stated_inline(role: str, stated: Properties) -> list[Properties]:
    """The live documents of the inline policies that the template states, in its order."""
    live = inline_policies("Role", role)
    names = [str(one["PolicyName"]) for one in stated.get("Policies") or []]
    return [{"PolicyName": name, "PolicyDocument": _value(live[name])} for name in names if name in live]


def _read_policy(physical_id: str, stated: Properties) -> Properties | None:
    record = policy(physical_id)
    if record is None:
        return None
    live: Properties = {
        "ManagedPolicyName": record["PolicyName"],
        "Path": record.get("Path", "/"),
        "Description": record.get("Description", ""),
        "PolicyDocument": _value(record["Versions"][record["DefaultVersionId"]]["Document"]),
    }
    for kind in KINDS:
        holders = store(kind)
        live[f"{kind}s"] = [
            name
            for name in stated.get(f"{kind}s") or []
            if physical_id in (holders.get(name) or {}).get("AttachedPolicies", [])
        ]
    return live


def _value(document: Any) -> Any:
    return json.loads(document) if isinstance(document, str) else document


_started: dict[str, float] = {}


def _starting(detect: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def start(params: Params) -> Answer:
        answer = detect(params)
        if SETTINGS.delay and answer[0] == 200:  # noqa: PLR2004 - HTTP's OK
            detection = answer[2].decode().partition("<StackDriftDetectionId>")[2].partition("<")[0]
            _started[detection] = time.time()
        return answer

    return start


def _waiting(describe: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def status(params: Params) -> Answer:
        answer = describe(params)
        started = _started.get(parameter(params, "StackDriftDetectionId"), 0.0)
        if time.time() >= started + SETTINGS.delay:
            return answer
        text = answer[2].decode().replace("DETECTION_COMPLETE", "DETECTION_IN_PROGRESS")
        return answer[0], answer[1], text.encode()

    return status
