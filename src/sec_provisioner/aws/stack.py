"""CloudFormation's stacks, read and written: into and from the nouns of `live`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sec_provisioner.aws.errors import code_of, explained, message_of
from sec_provisioner.live.events import StackEvent
from sec_provisioner.live.stack import LiveStack, StackResource
from sec_provisioner.live.status import STATUSES

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

    from sec_provisioner.aws.session import Aws

_BEGINNING = datetime.min.replace(tzinfo=UTC)


def is_missing(error: ClientError) -> bool:
    """Whether a stack or change set is not there. The one place that knows CloudFormation's words for it.

    A missing stack is a plain ValidationError: only the text tells.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    """
    code = code_of(error)
    return code in ("ChangeSetNotFound", "ChangeSetNotFoundException") or (
        code == "ValidationError" and "does not exist" in message_of(error)
    )


@explained("read the stack")
def fetch_stack(aws: Aws, name_or_id: str) -> LiveStack | None:
    """The stack, None where there is none. By id a deleted one is found for 90 days, too."""
    try:
        found = aws.cloudformation.describe_stacks(StackName=name_or_id)["Stacks"]
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return _stack(found[0]) if found else None


def _stack(one: StackTypeDef) -> LiveStack:
    times = (one.get("CreationTime"), one.get("LastUpdatedTime"), one.get("DeletionTime"))
    return LiveStack(
        id=one.get("StackId", ""),
        name=one["StackName"],
        status_name=one["StackStatus"],
        status_reason=one.get("StackStatusReason", ""),
        changed=max((time for time in times if time), default=_BEGINNING),
        tags={tag["Key"]: tag["Value"] for tag in one.get("Tags", [])},
        role_arn=one.get("RoleARN"),
        termination_protection=one.get("EnableTerminationProtection", False),
    )


@explained("list the stacks of the region")
def fetch_stack_names(aws: Aws) -> tuple[str, ...]:
    """The names of all stacks that are not deleted. IAM lets this call be narrowed by nothing."""
    rest: list[Any] = [one for one in STATUSES if one != "DELETE_COMPLETE"]
    pages = aws.cloudformation.get_paginator("list_stacks").paginate(StackStatusFilter=rest)
    return tuple(one["StackName"] for page in pages for one in page["StackSummaries"])


@explained("list the stack's resources")
def fetch_resources(aws: Aws, stack: str) -> tuple[StackResource, ...]:
    """What the stack made."""
    pages = aws.cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return tuple(
        StackResource(
            logical_id=one["LogicalResourceId"],
            type=one["ResourceType"],
            physical_id=one.get("PhysicalResourceId", ""),
            status=one["ResourceStatus"],
        )
        for page in pages
        for one in page["StackResourceSummaries"]
    )


@explained("look up whose resource a name is")
def fetch_owner(aws: Aws, physical_id: str) -> str | None:
    """The name of the stack of this region that made a resource; None where none did."""
    try:
        found = aws.cloudformation.describe_stack_resources(PhysicalResourceId=physical_id)["StackResources"]
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return found[0].get("StackName") if found else None


@explained("read the template of the stack")
def fetch_template(aws: Aws, stack: str) -> Mapping[str, Any]:
    """The deployed template as a value."""
    return parse_template(aws.cloudformation.get_template(StackName=stack)["TemplateBody"])


def parse_template(body: Any) -> Mapping[str, Any]:
    """A template as GetTemplate gives it, as a value.

    Botocore parses those in JSON; one in YAML was deployed by something else.
    """
    if isinstance(body, Mapping):
        return body
    try:
        parsed: Mapping[str, Any] = json.loads(body)
    except ValueError:
        from sec_provisioner.aws.yaml_template import parse_yaml_template  # noqa: PLC0415 - rarely needed

        return parse_yaml_template(body)
    return parsed


@explained("read the stack's events")
def fetch_events(aws: Aws, stack_id: str, after: str | None = None) -> list[StackEvent]:
    """Events that are newer than the event with the id `after` (all without it), oldest first."""
    return list(reversed(list(_newest_first(aws, stack_id, after))))


@explained("read the stack's events")
def fetch_last_event(aws: Aws, stack_id: str) -> StackEvent | None:
    """The newest event."""
    return next(_newest_first(aws, stack_id, None), None)


def _newest_first(aws: Aws, stack_id: str, after: str | None) -> Iterator[StackEvent]:
    pages = aws.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id)
    for page in pages:
        for one in page["StackEvents"]:
            if one["EventId"] == after:
                return
            yield StackEvent(
                id=one["EventId"],
                time=one["Timestamp"],
                logical_id=one.get("LogicalResourceId", ""),
                physical_id=one.get("PhysicalResourceId", ""),
                type=one.get("ResourceType", ""),
                status=one.get("ResourceStatus", ""),
                reason=one.get("ResourceStatusReason", ""),
                token=one.get("ClientRequestToken", ""),
            )


@explained("delete the stack")
def delete_stack(aws: Aws, stack_id: str, token: str, role_arn: str | None = None) -> None:
    """Begin to delete a stack, by its id: never another one of the same name."""
    if role_arn:
        aws.cloudformation.delete_stack(StackName=stack_id, ClientRequestToken=token, RoleARN=role_arn)
    else:
        aws.cloudformation.delete_stack(StackName=stack_id, ClientRequestToken=token)


@explained("continue the rollback of the stack")
def continue_rollback(aws: Aws, stack_id: str, token: str, skip: Collection[str] = ()) -> None:
    """Begin to continue a rollback that failed, without the resources (logical ids) in `skip`."""
    if skip:
        aws.cloudformation.continue_update_rollback(
            StackName=stack_id, ClientRequestToken=token, ResourcesToSkip=sorted(skip)
        )
    else:
        aws.cloudformation.continue_update_rollback(StackName=stack_id, ClientRequestToken=token)


@explained("set termination protection")
def set_termination_protection(aws: Aws, stack: str, *, enabled: bool) -> None:
    """Protect a stack from being deleted, or take that away. It has a call of its own; an update can't do it."""
    aws.cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=enabled)
