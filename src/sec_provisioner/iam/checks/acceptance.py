"""Whether an action can be about a resource, as far as AWS's reference tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_provisioner.iam.arn import MalformedArnError
from sec_provisioner.iam.checks.base import resource_places
from sec_provisioner.iam.pattern import ArnPattern, arn_pattern
from sec_provisioner.iam.tokens import Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sec_provisioner.iam.document import Path, Statement
    from sec_provisioner.iam.reference import Action

# Resources that the reference leaves out: macros, and API Gateway's paths, of which it lists some.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
_LEFT_OUT = tuple(map(arn_pattern, ("arn:*:cloudformation:*:*:transform/*", "arn:*:apigateway:*:*:*")))


def may_be_about(action: Action, resource: ArnPattern) -> bool:
    """Whether some request for the action can match the resource.

    Listings are often matched against the ARN of everything in the account, so that one is let pass.
    """
    if action.accepts(resource) or resource.fields is None:
        return True
    if any(resource.overlaps(one) for one in _LEFT_OUT):
        return True
    service, name = resource.fields[1], resource.fields[-1]
    return name.tokens == (Wildcard.ANY_RUN,) and service.matches(action.name.partition(":")[0])


def readable_resources(statement: Statement) -> Iterator[tuple[Path, str, ArnPattern]]:
    """The resources of a statement that are ARNs or `*`, each with its path and text."""
    for path, text in resource_places(statement):
        try:
            yield path, text, arn_pattern(text)
        except MalformedArnError:
            continue
