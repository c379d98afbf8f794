"""What a statement is about when it names everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_provisioner.iam.arn import MalformedArnError
from sec_provisioner.iam.pattern import arn_pattern
from sec_provisioner.iam.tokens import Wildcard

if TYPE_CHECKING:
    from sec_provisioner.iam.document import Statement

EVERY_ACTION = ("*", "*:*")


def is_on_everything(statement: Statement) -> bool:
    """Whether one of its resources is `*`, or an ARN of wildcards alone in whatever partition."""
    resource = statement.resource
    return resource is not None and not resource.negated and any(map(_is_everything, resource.patterns))


def _is_everything(text: str) -> bool:
    try:
        fields = arn_pattern(text).fields
    except MalformedArnError:
        return False
    return fields is None or all(field.tokens == (Wildcard.ANY_RUN,) for field in fields[1:])
