"""CloudFormation: the stack, with its tags; the template's object and the service role, where there are such.

What an operation does to the stack's resources is another matter: `sec_local.enforcement.stacks`.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from sec_local.cloudformation.change_set_view import find_change_set
from sec_local.cloudformation.wire import find_stack, parameter
from sec_local.enforcement import tags
from sec_local.enforcement.caller import Caller
from sec_local.enforcement.context import Context
from sec_local.enforcement.decision import Layer
from sec_local.enforcement.need import Need
from sec_local.enforcement.needs import s3
from sec_local.enforcement.needs.iam import pass_role
from sec_local.enforcement.principals import Principal
from sec_local.enforcement.reference import action_of
from sec_local.enforcement.statements import Policy
from sec_local.iam.stores import store
from sec_local.iam.wire import tags_of
from sec_local.s3.address import bucket_and_key

if TYPE_CHECKING:
    from sec_local.call import Call

SERVICE = "cloudformation.amazonaws.com"
_TAGGING = ("CreateStack", "UpdateStack", "CreateChangeSet")
_MORE = "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
_S3_REFUSES = ("ValidationError", f"S3 error: Access Denied\nFor more information check {_MORE}", 400)


def needs_of(call: Call, caller: Caller) -> list[Need]:
    """The action on its stack, and what stands beside it."""
    action = f"cloudformation:{call.operation}"
    resource = _resource(call, caller)
    keys = _keys(call) | _stack_tags(resource)
    found = [Need(action, resource, keys)]
    if call.operation == "DescribeStacks" and resource == "*":
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
        found.append(Need("cloudformation:ListStacks"))
    if call.operation == "DetectStackDrift":
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
        found.append(Need("cloudformation:DetectStackResourceDrift", resource, _stack_tags(resource)))
    if call.operation in _TAGGING:
        found += _tagging(call, resource)
    return [*found, *_template(call, caller), *_service_role(call)]


def _resource(call: Call, caller: Caller) -> str:
    known = action_of(f"cloudformation:{call.operation}")
    if known is not None and not known.resource_types:
        name = parameter(call.form, "StackName")
        # GetTemplateSummary is about a stack only where it names one.
        return _stack(name, call, caller) if name and call.operation == "GetTemplateSummary" else "*"
    change_set = parameter(call.form, "ChangeSetName")
    name = parameter(call.form, "StackName")
    if change_set and call.operation != "CreateChangeSet":
        found = find_change_set(change_set, name)
        if call.operation == "DescribeEvents":
            return str(found["ChangeSetId"]) if found else change_set
        if found:
            return str(found["StackId"])
    if physical_id := parameter(call.form, "PhysicalResourceId"):
        return _holder(physical_id) or _stack("*", call, caller)
    return _stack(name, call, caller) if name else "*"


def _stack(name: str, call: Call, caller: Caller) -> str:
    """One that is not there has no id yet."""
    stack = find_stack(name)
    if stack:
        return str(stack["StackId"])
    if name.startswith("arn:"):
        return name
    return f"arn:aws:cloudformation:{call.region}:{caller.principal.account}:stack/{name}/*"


def _holder(physical_id: str) -> str | None:
    from ministack.services.cloudformation import _stacks  # noqa: PLC0415 - MiniStack is imported on first use

    return next(
        (
            str(stack["StackId"])
            for stack in _stacks.values()
            for one in (stack.get("_resources") or {}).values()
            if one.get("PhysicalResourceId") == physical_id and stack["StackStatus"] != "DELETE_COMPLETE"
        ),
        None,
    )


def _keys(call: Call) -> Context:
    change_set = parameter(call.form, "ChangeSetName")
    name = change_set.split("/")[1] if change_set.startswith("arn:") else change_set
    types = [value[0] for key, value in call.form.items() if key.startswith("ResourceTypes.member.")]
    given = tags.of_list(tags_of(call.form)) if call.operation in _TAGGING else {}
    return Context(
        {
            "cloudformation:ChangeSetName": name or None,
            "cloudformation:RoleArn": parameter(call.form, "RoleARN") or None,
            "cloudformation:TemplateUrl": parameter(call.form, "TemplateURL") or None,
            "cloudformation:StackPolicyUrl": parameter(call.form, "StackPolicyURL") or None,
            "cloudformation:ResourceTypes": tuple(types) or None,
        }
    ) | tags.request_tags(given)


def _stack_tags(stack_id: str) -> Context:
    stack: dict[str, Any] = find_stack(stack_id) or {}
    return tags.resource_tags(tags.of_list(stack.get("Tags") or []))


def _tagging(call: Call, resource: str) -> Iterator[Need]:
    given = tags.of_list(tags_of(call.form))
    if not given:
        return
    created = Context({"cloudformation:CreateAction": call.operation}) | _stack_tags(resource)
    yield Need("cloudformation:TagResource", resource, tags.request_tags(given) | created)
    stack: dict[str, Any] = find_stack(parameter(call.form, "StackName")) or {}
    gone = [tag["Key"] for tag in stack.get("Tags") or [] if tag["Key"] not in given]
    if gone:
        yield Need("cloudformation:UntagResource", resource, tags.removed_tags(gone) | _stack_tags(resource))


def _template(call: Call, caller: Caller) -> Iterator[Need]:
    """CloudFormation fetches the template with the caller's rights."""
    url = parameter(call.form, "TemplateURL")
    if not url:
        return
    parts = urlsplit(url)
    bucket, key = bucket_and_key(parts.netloc, unquote(parts.path))
    version = parse_qs(parts.query).get("versionId", [""])[0]
    for need in s3.getting(s3.Object(bucket, key, version, call.region), caller, Context()):
        yield replace(need, refusal=_S3_REFUSES)


def _service_role(call: Call) -> Iterator[Need]:
    """The caller passes the role, the role lets the service have it. The role that a stack has already is not passed.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
    """
    role = parameter(call.form, "RoleARN")
    if not role:
        return
    yield pass_role(role, SERVICE)
    record = store("Role").get(role.rpartition("/")[2]) or {}
    trust = record.get("AssumeRolePolicyDocument") or '{"Version":"2012-10-17","Statement":[]}'
    yield Need(
        "sts:AssumeRole",
        role,
        policy=Policy(role, "resource", trust),
        layer=Layer.TRUST,
        is_granted_by_all=True,
        principal=Principal("service", "", SERVICE, SERVICE),
        refusal=("ValidationError", f"Role {role} is invalid or cannot be assumed", 400),
    )
