"""Is a need met? And what the caller is told where it is not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from dataclasses import replace

from sec_local.enforcement.caller import Caller
from sec_local.enforcement.context import Context
from sec_local.enforcement.decision import Decision, Policies, decide
from sec_local.enforcement.need import Need
from sec_local.enforcement.reference import known_keys
from sec_local.enforcement.request_context import keys_of_resource
from sec_local.enforcement.statements import Request

_ACCOUNT_FIELD = 4


def judge(need: Need, caller: Caller, keys: Context) -> Decision:
    """The decision.

    Args:
        need: the permission.
        caller: who asks for it.
        keys: those that every request has, but for the caller's.
    """
    owner = need.owner or _account_of(need.resource)
    own = known_keys(need.action, need.keys)
    context = keys | caller.keys | keys_of_resource(need.resource, owner or caller.principal.account) | own
    policies = replace(
        caller.policies if need.principal is None else Policies(identity=None),
        resource=need.policy,
        resource_account=owner if need.principal is None else "",
        resource_layer=need.layer,
        is_granted_by_all=need.is_granted_by_all,
    )
    decision = decide(Request(need.action, need.resource, context), need.principal or caller.principal, policies)
    return Decision("allowed") if need.is_open and decision.outcome == "implicitDeny" else decision


def refusal_text(need: Need, caller: Caller, decision: Decision, *, quoted: bool = False) -> str:
    """Who, what, on what, and which type of policy it is that says no. S3 puts the resource in quotes."""
    resource = f'"{need.resource}"' if quoted else need.resource
    layer = decision.layer.value if decision.layer else ""
    article = "an" if layer.startswith("i") else "a"
    reason = (
        f"with an explicit deny in {article} {layer}"
        if decision.outcome == "explicitDeny"
        else f"because no {layer} allows the {need.action} action"
    )
    who = need.principal or caller.principal
    return f"User: {who.arn} is not authorized to perform: {need.action} on resource: {resource} {reason}"


def _account_of(resource: str) -> str:
    """The account that an ARN names; what is AWS's own belongs to everybody."""
    fields = resource.split(":")
    account = fields[_ACCOUNT_FIELD] if len(fields) > _ACCOUNT_FIELD + 1 else ""
    return account if account.isdigit() else ""
