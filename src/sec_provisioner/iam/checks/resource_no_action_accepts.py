"""`resource-no-action-accepts`: a resource that none of the statement's actions is ever about.

The statement says nothing about it: `s3:GetObject` on a bucket's ARN without `/*`, for example.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.arn import Arn
from sec_provisioner.iam.checks.acceptance import may_be_about, readable_resources
from sec_provisioner.iam.checks.base import ONLY_IDENTITY, Check, Context, Finding
from sec_provisioner.iam.checks.known_actions import known_actions
from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.pattern import ArnPattern
from sec_provisioner.iam.reference import Action
from sec_provisioner.problem import Confidence, Severity


def _find(statement: Statement, context: Context) -> Iterator[Finding]:
    if statement.resource is None or statement.resource.negated:
        return
    places = [place for place in readable_resources(statement) if place[2].fields is not None]
    actions = known_actions(statement, context) if places else None
    for path, text, resource in places if actions is not None else ():
        if not any(may_be_about(action, resource) for action in actions or ()):
            message = f"No action of the statement is about {text!r}."
            sure = any(action.resource_types for action in actions or ()) and _is_known(text, resource, context)
            yield Finding(path, message, _hint(actions or ()), None if sure else Confidence.LOW)


def _is_known(text: str, resource: ArnPattern, context: Context) -> bool:
    """Whether the resource's own service documents such resources; if not, the data may lack them."""
    service = context.reference.service(Arn.parse(text).service)
    kinds = service.resource_types.values() if service else ()
    return any(kind.may_be(resource) for kind in kinds)


def _hint(actions: tuple[Action, ...]) -> str:
    """The ARNs that would be right, or that only `*` is."""
    arns = dict.fromkeys(kind.arn for action in actions for kind in action.resource_types)
    if not arns:
        return 'These actions take only Resource "*".'
    shown = list(arns)[:3]
    more = f" and {len(arns) - len(shown)} more" if len(arns) > len(shown) else ""
    return f"They take {', '.join(shown)}{more}."


CHECK = Check("resource-no-action-accepts", Severity.WARNING, _find, Confidence.MEDIUM, ONLY_IDENTITY)
