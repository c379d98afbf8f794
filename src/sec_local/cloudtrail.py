"""CloudTrail's record of management calls, and LookupEvents over it.

Calls to IAM and STS's global endpoint are recorded in the home region of the partition, others in theirs.
https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

import json
import re
import time
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sec_local.call import CURRENT
from sec_local.noise import quiet_imports
from sec_local.service_models import error_name
from sec_local.xml import unescape

if TYPE_CHECKING:
    from sec_local.call import Call

HOME_REGION = "us-east-1"
_RECORDED = ("iam", "sts", "cloudformation", "ssm")
_READS = ("Get", "List", "Describe", "Lookup", "Simulate", "Generate", "Validate", "Estimate", "Detect")
_PAGE = 50
_ATTRIBUTES = (
    "EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId",
)  # fmt: skip

# Parameter of a call -> type of the resource that it names.
_NAMES = {
    "RoleName": "AWS::IAM::Role",
    "GroupName": "AWS::IAM::Group",
    "UserName": "AWS::IAM::User",
    "PolicyName": "AWS::IAM::Policy",
    "PolicyArn": "AWS::IAM::Policy",
    "InstanceProfileName": "AWS::IAM::InstanceProfile",
    "RoleArn": "AWS::IAM::Role",
    "StackName": "AWS::CloudFormation::Stack",
    "Name": "AWS::SSM::Parameter",
}
_SECRET = frozenset({"Password", "NewPassword", "OldPassword", "ExternalId", "TokenCode", "SerialNumber"})


def install() -> None:
    """Page LookupEvents."""
    from ministack.services import cloudtrail  # noqa: PLC0415 - MiniStack is imported on first use

    cloudtrail._DISPATCH["LookupEvents"] = _lookup  # noqa: SLF001 - its table of actions


def note(call: Call, status: int, body: bytes) -> None:
    """Record a call that was answered, the gateway's observer."""
    if call.service not in _RECORDED:
        return
    values = call.json or {name: value[0] for name, value in call.form.items() if value}
    outcome = _refusal(call.service, body) if status >= 400 else {}  # noqa: PLR2004 - HTTP's errors
    record(call, call.service, call.operation, values, outcome=outcome)


def _refusal(service: str, body: bytes) -> dict[str, str]:
    """Code and message of an error answer, XML or JSON."""
    text = body.decode("utf-8", "replace")
    if text.startswith("{"):
        said = json.loads(text)
        code, message = str(said.get("__type", "")), str(said.get("message", said.get("Message", "")))
    else:
        inside = {
            name: (re.findall(f"<{name}>(.*?)</{name}>", text, re.DOTALL) or [""])[0] for name in ("Code", "Message")
        }
        code, message = inside["Code"], unescape(inside["Message"])
    return {"errorCode": error_name(service, code), "errorMessage": message}


def note_by_service(action: str, values: dict[str, str]) -> None:
    """Record an IAM call that CloudFormation made for whoever asked for the stack operation."""
    call = CURRENT.get()
    if call is not None:
        record(call, "iam", action, values, by="cloudformation.amazonaws.com")


def record(  # noqa: PLR0913 - what an event is made of
    call: Call, service: str, name: str, values: dict[str, Any], *, by: str = "", outcome: dict[str, str] | None = None
) -> None:
    """Append one event where LookupEvents finds it."""
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use

    responses.set_request_account_id(call.access_key)
    account = responses.get_account_id()
    region = HOME_REGION if service == "iam" else call.region
    identity = _identity(call.access_key, account)
    event = {
        "EventId": str(uuid4()),
        "EventName": name,
        "EventSource": f"{service}.amazonaws.com",
        "EventTime": time.time(),
        # Of a session its name, of the account itself `root`.
        "Username": identity["arn"].replace(":", "/").rpartition("/")[2],
        "AccessKeyId": call.access_key,
        "ReadOnly": str(name.startswith(_READS)).lower(),
        "Resources": _resources(values),
    }
    detail = {
        **_detail(event, region, account),
        "userIdentity": {**identity, **({"invokedBy": by} if by else {})},
        "sourceIPAddress": by or "127.0.0.1",
        "userAgent": by or call.headers.get("user-agent", ""),
        "requestParameters": _parameters(values),
        **(outcome or {}),
    }
    with responses.request_scope(account, region):
        queue = _ministack_trail()._get_event_queue()  # noqa: SLF001 - its store
        queue.append({**event, "CloudTrailEvent": json.dumps(detail)})


@cache
def _ministack_trail() -> Any:
    with quiet_imports():
        from ministack.services import cloudtrail  # noqa: PLC0415 - MiniStack is imported on first use
    return cloudtrail


def _detail(event: dict[str, Any], region: str, account: str) -> dict[str, Any]:
    """What the full record says in other words than the summary."""
    return {
        "eventVersion": "1.08",
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(event["EventTime"])),
        "eventSource": event["EventSource"],
        "eventName": event["EventName"],
        "awsRegion": region,
        "responseElements": None,
        "eventID": event["EventId"],
        "readOnly": event["ReadOnly"] == "true",
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
    }


def _resources(values: dict[str, Any]) -> list[dict[str, str]]:
    return [{"ResourceType": kind, "ResourceName": str(values[key])} for key, kind in _NAMES.items() if values.get(key)]


def _parameters(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name[:1].lower() + name[1:]: "HIDDEN_DUE_TO_SECURITY_REASONS" if name in _SECRET else value
        for name, value in values.items()
        if name not in ("Action", "Version")
    }


def _identity(access_key: str, account: str) -> dict[str, Any]:
    """Who signed: a user, a role's session, or the account itself."""
    from ministack.core.iam_evaluator import resolve_caller_identity  # noqa: PLC0415 - MiniStack, on first use

    found = resolve_caller_identity(access_key) or {}
    arn = found.get("userArn") or f"arn:aws:iam::{account}:root"
    base = {"principalId": found.get("userId") or account, "arn": arn, "accountId": account, "accessKeyId": access_key}
    name = arn.rpartition("/")[2]
    if ":assumed-role/" in arn:
        return {**base, "type": "AssumedRole", "sessionContext": _session_context(base["principalId"], arn)}
    return {**base, "type": "IAMUser", "userName": name} if ":user/" in arn else {**base, "type": "Root"}


def _session_context(principal_id: str, arn: str) -> dict[str, Any]:
    """Whose session it is: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html."""
    account, role = arn.split(":")[4], arn.split("/")[1]
    issuer = {
        "type": "Role",
        "principalId": principal_id.partition(":")[0],
        "arn": f"{arn.partition(':sts:')[0]}:iam::{account}:role/{role}",
        "accountId": account,
        "userName": role,
    }
    return {"sessionIssuer": issuer, "attributes": {"mfaAuthenticated": "false"}}


def _lookup(body: dict[str, Any]) -> Any:
    from ministack.services import cloudtrail  # noqa: PLC0415 - MiniStack is imported on first use

    attributes = body.get("LookupAttributes") or []
    if len(attributes) > 1:
        message = "You can only specify one lookup attribute."
        return cloudtrail._err("InvalidLookupAttributesException", message)  # noqa: SLF001 - its errors
    if any(one["AttributeKey"] not in _ATTRIBUTES for one in attributes):
        message = "You can only look up events by the attribute keys that are documented."
        return cloudtrail._err("InvalidLookupAttributesException", message)  # noqa: SLF001 - the same
    if float(body.get("StartTime") or 0) > float(body.get("EndTime") or "inf"):
        message = "The start time must be before the end time."
        return cloudtrail._err("InvalidTimeRangeException", message)  # noqa: SLF001 - the same
    most = body.get("MaxResults", _PAGE)
    if not 1 <= int(most) <= _PAGE:
        message = f"MaxResults must be between 1 and {_PAGE}."
        return cloudtrail._err("InvalidMaxResultsException", message)  # noqa: SLF001 - the same
    token = str(body.get("NextToken", "0"))
    if not token.isdigit():
        return cloudtrail._err("InvalidNextTokenException", "Invalid NextToken.")  # noqa: SLF001 - the same
    found = [event for event in reversed(cloudtrail._get_event_queue()) if _matches(event, body)]  # noqa: SLF001
    start, end = int(token), int(token) + int(most)
    page: dict[str, Any] = {"Events": found[start:end]}
    if end < len(found):
        page["NextToken"] = str(end)
    return cloudtrail._ok(page)  # noqa: SLF001 - its answers


def _matches(event: dict[str, Any], body: dict[str, Any]) -> bool:
    if body.get("StartTime") is not None and event["EventTime"] < float(body["StartTime"]):
        return False
    if body.get("EndTime") is not None and event["EventTime"] > float(body["EndTime"]):
        return False
    for attribute in body.get("LookupAttributes") or []:
        key, wanted = attribute["AttributeKey"], attribute["AttributeValue"]
        if key in ("ResourceName", "ResourceType"):
            return any(resource.get(key) == wanted for resource in event["Resources"])
        return bool(event.get(key, "") == wanted)
    return True
