"""CloudFormation works with the rights of whoever asks, or with those of its service role.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.call import CURRENT
from sec_local.cloudformation.resources import Operation, ResourceFailed, failure
from sec_local.cloudformation.wire import find_stack, parameter
from sec_local.enforcement import resource_arns, resource_needs
from sec_local.enforcement.authorize import judge, refusal_text
from sec_local.enforcement.caller import Caller, caller_of, role_session
from sec_local.enforcement.change import Change
from sec_local.enforcement.context import Context
from sec_local.enforcement.needs.cloudformation import SERVICE
from sec_local.enforcement.request_context import keys_of_time, region_of
from sec_local.iam.stores import store

if TYPE_CHECKING:
    from sec_local.call import Call

_SESSION = "AWSCloudFormation"


def refuse(operation: Operation) -> None:
    """Fail an operation that the caller may not do.

    Raises:
        ResourceFailed: with the service's refusal, as CloudFormation shows it.
    """
    call = CURRENT.get()
    if call is None:
        return
    caller = _worker(call, operation)
    arn = resource_arns.arn_of(operation, call.region, caller.principal.account)
    change = Change(operation.action, operation.type, arn, operation.old, operation.new)
    for need in resource_needs.needs_of(change):
        decision = judge(need, caller, _keys(need.action, call.region))
        if not decision.is_allowed:
            raise _failed(need.action, refusal_text(need, caller, decision))


def _worker(call: Call, operation: Operation) -> Caller:
    """Who works: the service role that the call or the stack names, else whoever asked; who asked reads for drift."""
    caller = caller_of(call)
    if not isinstance(caller, Caller):
        raise ResourceFailed(caller.message)
    stack = find_stack(operation.stack_name) or {}
    arn = parameter(call.form, "RoleARN") or stack.get("RoleARN")
    if not arn or operation.action == "read":
        return caller
    role = store("Role").get(str(arn).rpartition("/")[2])
    if role is None:
        raise ResourceFailed(f"Role {arn} is invalid or cannot be assumed")
    return role_session(role, _SESSION, caller.principal.account)


def _keys(action: str, region: str) -> Context:
    """The service asks, so that neither address nor agent are the caller's.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
    """
    return keys_of_time() | Context(
        {
            "aws:ViaAWSService": "true",
            "aws:CalledVia": (SERVICE,),
            "aws:CalledViaFirst": SERVICE,
            "aws:CalledViaLast": SERVICE,
            "aws:SecureTransport": "true",
            "aws:PrincipalIsAWSService": "false",
            "aws:RequestedRegion": region_of(action.partition(":")[0], region),
        }
    )


def _failed(action: str, text: str) -> ResourceFailed:
    service = action.partition(":")[0]
    if service == "ssm":
        return failure("AccessDeniedException", text, 400, "Ssm")
    return failure("AccessDenied", text, 403, service.title())
