"""`invalid-version`: a Version that is not one of the two that there are (often today's date).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.document import VERSION, VERSIONS
from sec_provisioner.problem import Severity


def _find(document: Any, _context: Context) -> Iterator[Finding]:
    if isinstance(document, Mapping) and document.get("Version", VERSION) not in VERSIONS:
        message = f"Version {document['Version']!r} does not exist; it is no date of your own."
        yield Finding(("Version",), message, f'Write "{VERSION}".')


CHECK = Check("invalid-version", Severity.ERROR, _find)
