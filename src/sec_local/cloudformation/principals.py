"""What groups and roles have in common for CloudFormation: inline policies and attached managed ones.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sec_local.iam.request import IamError, ask, document_text

if TYPE_CHECKING:
    from sec_local.cloudformation.resources import Properties, Undo


@dataclass(frozen=True)
class Principal:
    """A group or role by name. `kind` is IAM's word for it in action names: `Group` or `Role`."""

    kind: str
    name: str

    def ask(self, action: str, **parameters: Any) -> None:
        """`action` with a placeholder for the kind: `Put{}Policy`."""
        ask(action.format(self.kind), **{f"{self.kind}Name": self.name}, **parameters)

    def attach(self, arn: str) -> None:
        """Attach a managed policy."""
        self.ask("Attach{}Policy", PolicyArn=arn)

    def detach(self, arn: str) -> None:
        """Detach a managed policy; one that is not attached is no error."""
        _unless_gone(lambda: self.ask("Detach{}Policy", PolicyArn=arn))

    def put(self, name: str, document: str) -> None:
        """Write an inline policy."""
        self.ask("Put{}Policy", PolicyName=name, PolicyDocument=document)

    def drop(self, name: str) -> None:
        """Delete an inline policy; one that is gone is no error."""
        _unless_gone(lambda: self.ask("Delete{}Policy", PolicyName=name))


def _unless_gone(action: Any) -> None:
    try:
        action()
    except IamError as refused:
        if refused.code != "NoSuchEntity":
            raise


def inline_policies(properties: Properties) -> dict[str, str]:
    """Name and document text of each inline policy that the properties state, in their order."""
    return {
        str(policy["PolicyName"]): document_text(policy.get("PolicyDocument", {}))
        for policy in properties.get("Policies") or []
    }


def reconcile(principal: Principal, old: Properties, new: Properties, undo: Undo) -> None:
    """Bring policies from what `old` states to what `new` states; what neither states is left alone.

    As CloudFormation does it: what was put there by others stays, in the way of a deletion.
    """
    before, after = list(old.get("ManagedPolicyArns") or []), list(new.get("ManagedPolicyArns") or [])
    for arn in [arn for arn in before if arn not in after]:
        principal.detach(arn)
        undo.add(partial(principal.attach, arn))
    for arn in [arn for arn in after if arn not in before]:
        principal.attach(arn)
        undo.add(partial(principal.detach, arn))
    inline_before, inline_after = inline_policies(old), inline_policies(new)
    for name in [name for name in inline_before if name not in inline_after]:
        principal.drop(name)
        undo.add(partial(principal.put, name, inline_before[name]))
    for name, document in inline_after.items():
        if inline_before.get(name) != document:
            principal.put(name, document)
            undo.add(partial(_put_back, principal, name, inline_before))


def _put_back(principal: Principal, name: str, before: dict[str, str]) -> None:
    if name in before:
        principal.put(name, before[name])
    else:
        principal.drop(name)


def strip(principal: Principal, properties: Properties) -> None:
    """Take off what the properties state, so that the principal itself can be deleted."""
    for arn in properties.get("ManagedPolicyArns") or []:
        principal.detach(arn)
    for name in inline_policies(properties):
        principal.drop(name)
