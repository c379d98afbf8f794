"""Small templates, and the few steps that tests against a local AWS share."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.enforcement import Someone
    from support.local_aws import LocalAccount

NAMED = ["CAPABILITY_NAMED_IAM"]


def statement(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements or (statement(),))}


def trust(principal: Any = None, **more: Any) -> dict[str, Any]:
    who = principal or {"Service": "lambda.amazonaws.com"}
    one = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole", **more}
    return {"Version": "2012-10-17", "Statement": [one]}


def group(name: str = "readers", **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Group", "Properties": {"GroupName": name, **more}}


def role(name: str = "runner", **more: Any) -> dict[str, Any]:
    stated = {"RoleName": name, "AssumeRolePolicyDocument": trust(), **more}
    return {"Type": "AWS::IAM::Role", "Properties": stated}


def policy(name: str = "level", body: Any = None, **more: Any) -> dict[str, Any]:
    stated = {"ManagedPolicyName": name, "PolicyDocument": body or document(), **more}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": stated}


def parameter(name: str = "/app/one", value: Any = "1", **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Name": name, "Type": "String", "Value": value, **more}}


def template(outputs: Any = None, metadata: Any = None, **resources: Any) -> str:
    body = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    body |= {"Outputs": outputs} if outputs else {}
    body |= {"Metadata": metadata} if metadata else {}
    return json.dumps(body)


class Stacks:
    """The steps, in one account."""

    def __init__(self, account: LocalAccount | Someone) -> None:
        self.api = account.client("cloudformation")

    def create(self, body: str, name: str = "stack", **more: Any) -> str:
        self.api.create_stack(StackName=name, TemplateBody=body, Capabilities=NAMED, **more)
        return self.settled(name)

    def update(self, body: str, name: str = "stack", **more: Any) -> str:
        self.api.update_stack(StackName=name, TemplateBody=body, Capabilities=NAMED, **more)
        return self.settled(name)

    def delete(self, name: str = "stack", **more: Any) -> str:
        stack_id = self.one(name)["StackId"]
        self.api.delete_stack(StackName=name, **more)
        return self.settled(stack_id)

    def change_set(self, body: str, name: str = "stack", change_set: str = "change", **more: Any) -> dict[str, Any]:
        self.api.create_change_set(
            StackName=name, ChangeSetName=change_set, TemplateBody=body, Capabilities=NAMED, **more
        )
        described: dict[str, Any] = self.api.describe_change_set(
            StackName=name, ChangeSetName=change_set, IncludePropertyValues=True
        )
        return described

    def one(self, name: str = "stack") -> dict[str, Any]:
        found: dict[str, Any] = self.api.describe_stacks(StackName=name)["Stacks"][0]
        return found

    def settled(self, name: str = "stack") -> str:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            status = str(self.one(name)["StackStatus"])
            if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
                return status
            time.sleep(0.02)
        raise AssertionError(f"{name} is still {status}")

    def events(self, name: str = "stack") -> list[tuple[str, str]]:
        """Logical id and status, oldest first."""
        pages = self.api.get_paginator("describe_stack_events").paginate(StackName=name)
        newest_first = [event for page in pages for event in page["StackEvents"]]
        return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in reversed(newest_first)]

    def reasons(self, status: str, name: str = "stack") -> list[str]:
        events = self.api.describe_stack_events(StackName=name)["StackEvents"]
        return [event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"] == status]
