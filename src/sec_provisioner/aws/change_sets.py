"""Change sets: made, read in full, executed, deleted by their id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from sec_provisioner.aws.errors import code_of, explained
from sec_provisioner.aws.express import call_in_express
from sec_provisioner.aws.stack import is_missing, parse_template
from sec_provisioner.errors import RefusedError
from sec_provisioner.failures.changes import CHANGE_SET_WITHDRAWN, OVERTAKEN
from sec_provisioner.live.change_set import ChangeSet, PropertyDetail, ResourceChange, merged, path_of

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ResourceChangeDetailTypeDef, ResourceChangeTypeDef

    from sec_provisioner.aws.session import Aws


@dataclass(frozen=True)
class ChangeSetRequest:
    """What a change set is made from: the template inline (`body`) or where it lies (`url`), one of them."""

    stack: str
    name: str
    kind: Literal["CREATE", "UPDATE"]
    token: str
    description: str
    body: str | None = None
    url: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    role_arn: str | None = None
    express: bool = False
    """Whether it is to be executed in express mode, where the endpoint has that."""


@explained("create the change set")
def create_change_set(aws: Aws, request: ChangeSetRequest) -> str:
    """Begin to make a change set, in express mode where that is wanted and not refused. Returns its id."""
    optional = {"TemplateBody": request.body, "TemplateURL": request.url, "RoleARN": request.role_arn}
    arguments: dict[str, Any] = {
        "StackName": request.stack,
        "ChangeSetName": request.name,
        "ChangeSetType": request.kind,
        "ClientToken": request.token,
        "Description": request.description,
        # The groups, roles and policies have names of their own.
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": [{"Key": key, "Value": value} for key, value in request.tags.items()],
        **{key: value for key, value in optional.items() if value is not None},
    }
    if request.express:
        answer = call_in_express(aws.cloudformation.create_change_set, arguments)
    else:
        answer = aws.cloudformation.create_change_set(**arguments)
    return str(answer["Id"])


@explained("read the change set")
def fetch_state(aws: Aws, change_set_id: str) -> ChangeSet | None:
    """A change set without its changes; None where it is gone."""
    try:
        answer = aws.cloudformation.describe_change_set(ChangeSetName=change_set_id)
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return _change_set(answer, ())


@explained("read the change set")
def fetch_change_set(aws: Aws, change_set_id: str) -> ChangeSet:
    """A change set with all its changes, described with and without property values.

    Raises:
        RefusedError: it was deleted meanwhile.
    """
    with _still_there():
        return merged(_described(aws, change_set_id, values=True), _described(aws, change_set_id, values=False))


@explained("read the change set's template")
def fetch_held_template(aws: Aws, change_set: ChangeSet) -> Mapping[str, Any]:
    """The template that a change set would deploy, as a value.

    Raises:
        RefusedError: it was deleted meanwhile.
    """
    with _still_there():
        answer = aws.cloudformation.get_template(StackName=change_set.stack_id, ChangeSetName=change_set.id)
    return parse_template(answer["TemplateBody"])


@contextmanager
def _still_there() -> Iterator[None]:
    """Reading a change set that was there a moment ago."""
    try:
        yield
    except ClientError as error:
        if is_missing(error):
            raise withdrawn() from error
        raise


def withdrawn() -> RefusedError:
    """The change set is gone: the same caller's other run takes it for a leftover, or somebody has deleted it."""
    return CHANGE_SET_WITHDRAWN()


def _described(aws: Aws, change_set_id: str, *, values: bool) -> ChangeSet:
    paginator = aws.cloudformation.get_paginator("describe_change_set")
    pages: list[Any] = list(paginator.paginate(ChangeSetName=change_set_id, IncludePropertyValues=values))
    changes = (one["ResourceChange"] for page in pages for one in page.get("Changes", []) if "ResourceChange" in one)
    return _change_set(pages[0], tuple(_change(one) for one in changes))


def _change_set(answer: Any, changes: tuple[ResourceChange, ...]) -> ChangeSet:
    return ChangeSet(
        id=answer["ChangeSetId"],
        name=answer["ChangeSetName"],
        stack_id=answer.get("StackId", ""),
        status=answer["Status"],
        reason=answer.get("StatusReason", ""),
        execution_status=answer.get("ExecutionStatus", ""),
        description=answer.get("Description", ""),
        is_express=answer.get("DeploymentConfig", {}).get("Mode") == "EXPRESS",
        changes=changes,
    )


def _change(one: ResourceChangeTypeDef) -> ResourceChange:
    return ResourceChange(
        logical_id=one["LogicalResourceId"],
        type=one["ResourceType"],
        action=one["Action"],
        replacement=one.get("Replacement", ""),
        physical_id=one.get("PhysicalResourceId", ""),
        details=tuple(_detail(detail) for detail in one.get("Details", [])),
    )


def _detail(one: ResourceChangeDetailTypeDef) -> PropertyDetail:
    target = one.get("Target", {})
    attribute = target.get("Attribute", "")
    fallback = target.get("Name", "") if attribute == "Properties" else attribute
    pointer = target.get("Path", "")
    return PropertyDetail(
        path=path_of(pointer) if pointer else fallback,
        before=target.get("BeforeValue"),
        after=target.get("AfterValue"),
        is_certain=one.get("Evaluation") != "Dynamic",
    )


@explained("list the stack's change sets")
def fetch_change_sets(aws: Aws, stack: str) -> tuple[ChangeSet, ...]:
    """All change sets that hang on a stack, without their changes."""
    pages = aws.cloudformation.get_paginator("list_change_sets").paginate(StackName=stack)
    try:
        return tuple(
            ChangeSet(
                id=one.get("ChangeSetId", ""),
                name=one.get("ChangeSetName", ""),
                stack_id=one.get("StackId", ""),
                status=one.get("Status", ""),
                reason=one.get("StatusReason", ""),
                execution_status=one.get("ExecutionStatus", ""),
                description=one.get("Description", ""),
            )
            for page in pages
            for one in page["Summaries"]
        )
    except ClientError as error:
        if is_missing(error):
            return ()
        raise


@explained("read why the change set failed")
def fetch_validation_errors(aws: Aws, change_set: ChangeSet) -> tuple[str, ...]:
    """What CloudFormation's early validation found; only DescribeEvents tells it.

    Older endpoints don't have the call and the caller may lack the permission: then the change set's own reason
    must do. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeEvents.html
    """
    try:
        pages = aws.cloudformation.get_paginator("describe_events").paginate(ChangeSetName=change_set.id)
        found: list[Any] = [one for page in pages for one in page.get("OperationEvents", [])]
    except ClientError:
        return ()
    return tuple(
        f"{one.get('LogicalResourceId', 'template')} {one.get('ValidationPath', '')}: {one['ValidationStatusReason']}"
        for one in found
        if one.get("EventType") == "VALIDATION_ERROR" and one.get("ValidationStatusReason")
    )


@explained("execute the change set")
def execute_change_set(aws: Aws, change_set_id: str, token: str) -> None:
    """Begin to do what the change set says. The token makes a repeated request harmless.

    Raises:
        RefusedError: it can't be executed any more.
    """
    try:
        aws.cloudformation.execute_change_set(ChangeSetName=change_set_id, ClientRequestToken=token)
    except ClientError as error:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html#API_ExecuteChangeSet_Errors
        if is_missing(error) or code_of(error) == "InvalidChangeSetStatus":
            raise overtaken() from error
        raise


def overtaken() -> RefusedError:
    """Somebody else was faster."""
    return OVERTAKEN()


@explained("delete the change set")
def delete_change_set(aws: Aws, change_set_id: str) -> None:
    """Delete a change set, by its id: never another one of the same name. One that is gone is no failure."""
    try:
        aws.cloudformation.delete_change_set(ChangeSetName=change_set_id)
    except ClientError as error:
        if not is_missing(error):
            raise
