"""`variables-need-version`: a policy variable in a document of the old version, where it is plain text.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sec_provisioner.iam.checks.base import Check, Context, Finding, condition_places, resource_places
from sec_provisioner.iam.document import VERSION, Document
from sec_provisioner.iam.pattern import Pattern
from sec_provisioner.problem import Severity


def _find(document: Document, context: Context) -> Iterator[Finding]:
    if document.has_variables:
        return
    for statement in document.statements:
        for path, text in chain(resource_places(statement), condition_places(statement)):
            names = [one.name for one in Pattern.parse(text).variables if one.name not in context.placeholders]
            if names:
                message = f"${{{names[0]}}} is plain text in a document without Version {VERSION}."
                yield Finding(("Statement", statement.index, *path), message, f'Write Version: "{VERSION}".')


CHECK = Check("variables-need-version", Severity.WARNING, _find)
