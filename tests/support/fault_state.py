"""What there is on AWS, read by a client that is not the tool's and freed of what no two runs share: times and ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_FLEETING = ("Date", "RoleLastUsed", "GroupId", "RoleId", "UserId", "PolicyId", "VersionId", "UpdateDate")


def account_state() -> dict[str, Any]:
    """Stacks with their templates, pending change sets, everything in IAM, parameters and buckets."""
    session: Any = botocore.session.Session()
    iam, ssm, s3 = (session.create_client(name) for name in ("iam", "ssm", "s3"))
    found: dict[str, Any] = _lasting(
        {
            "stacks": list(_stacks(session.create_client("cloudformation"))),
            "iam": _iam(iam),
            "roles": _by_name(_pages(iam, "list_roles", "Roles"), "RoleName"),
            "parameters": _by_name(_pages(ssm, "describe_parameters", "Parameters"), "Name"),
            "values": _by_name(_pages(ssm, "get_parameters_by_path", "Parameters", Path="/", Recursive=True), "Name"),
            "buckets": [_bucket(s3, one["Name"]) for one in s3.list_buckets()["Buckets"]],
        }
    )
    return found


def saved_members(reports: Path) -> dict[str, list[str]]:
    """Group -> members that wait to be put back, over all files."""
    found: dict[str, set[str]] = {}
    for file in reports.glob("*-members-*.json"):
        saved = json.loads(file.read_text(encoding="utf-8"))
        if saved.get("kind") == "members" and saved["restored"] is None and saved["taken_into"] is None:
            for group, users in saved["groups"].items():
                found.setdefault(group, set()).update(users)
    return {group: sorted(users) for group, users in sorted(found.items())}


def _stacks(cloudformation: Any) -> Iterator[dict[str, Any]]:
    for one in cloudformation.describe_stacks()["Stacks"]:
        name = one["StackName"]
        pending = [
            each
            for each in cloudformation.list_change_sets(StackName=name)["Summaries"]
            if not each["ExecutionStatus"].startswith("EXECUTE_")
        ]
        yield {
            "name": name,
            # An update that ran twice and one that ran once end alike.
            "is_whole": one["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"),
            "status": "" if one["StackStatus"].endswith("_COMPLETE") else one["StackStatus"],
            "protected": one["EnableTerminationProtection"],
            "tags": sorted((tag["Key"], tag["Value"]) for tag in one["Tags"]),
            "template": cloudformation.get_template(StackName=name)["TemplateBody"],
            "pending": len(pending),
        }


def _iam(iam: Any) -> dict[str, Any]:
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["User", "Group", "Role", "LocalManagedPolicy"]
    )
    whole: dict[str, Any] = {}
    for page in pages:
        for key in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"):
            whole.setdefault(key, []).extend(page[key])
    for one in whole["Policies"]:
        versions = one.pop("PolicyVersionList")
        one["document"] = next(each["Document"] for each in versions if each["IsDefaultVersion"])
    return {key: sorted(every, key=lambda one: str(one["Arn"])) for key, every in whole.items()}


def _bucket(s3: Any, name: str) -> dict[str, Any]:
    return {"name": name, "versioning": s3.get_bucket_versioning(Bucket=name).get("Status")}


def _pages(client: Any, operation: str, key: str, **arguments: Any) -> list[dict[str, Any]]:
    return [one for page in client.get_paginator(operation).paginate(**arguments) for one in page[key]]


def _by_name(every: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Without what counts how often a thing was written."""
    kept = ({key: value for key, value in one.items() if key not in ("Version", "LastModifiedUser")} for one in every)
    return sorted(kept, key=lambda one: str(one[name]))


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lasting(one) for key, one in value.items() if not key.endswith(_FLEETING)}
    if isinstance(value, list):
        return [_lasting(one) for one in value]
    return _UUID.sub("-", value) if isinstance(value, str) else value
