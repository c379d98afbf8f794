"""`wrong-partition`: an ARN of another partition than the document's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sec_provisioner.iam.arn import split_fields
from sec_provisioner.iam.checks.base import (
    Check,
    Context,
    Finding,
    condition_places,
    principal_places,
    resource_places,
)
from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.pattern import Pattern
from sec_provisioner.problem import Severity

PARTITIONS = (
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-eusc",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
)


def _find(statement: Statement, context: Context) -> Iterator[Finding]:
    expected = (context.partition,) if context.partition else PARTITIONS
    places = chain(resource_places(statement), principal_places(statement), condition_places(statement))
    for path, text in places:
        first, *fields = split_fields(text)
        if first == "arn" and fields and fields[0] and not _fits(fields[0], expected):
            names = " or ".join(expected)
            message = f"{text!r} is in partition {fields[0]!r}, and the document is for {names}."
            yield Finding(path, message, f"Write arn:{expected[0]}:... or arn:${{AWS::Partition}}:...")


def _fits(partition: str, expected: tuple[str, ...]) -> bool:
    pattern = Pattern.parse(partition).widened()
    return any(pattern.matches(one) for one in expected)


CHECK = Check("wrong-partition", Severity.ERROR, _find)
