"""`invalid-sid`: a Sid with other characters than letters and digits.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sec_provisioner.iam.checks.base import Check, Context, Finding, raw_statements
from sec_provisioner.problem import Severity

_ALLOWED = re.compile("[A-Za-z0-9]*")
_OTHERS = re.compile("[^A-Za-z0-9]+")


def _find(document: Any, _context: Context) -> Iterator[Finding]:
    for path, statement in raw_statements(document):
        sid = statement.get("Sid", "")
        if isinstance(sid, str) and not _ALLOWED.fullmatch(sid):
            instead = "".join(word[:1].upper() + word[1:] for word in _OTHERS.split(sid))
            hint = f"Write {instead}." if instead else "Remove it."
            yield Finding((*path, "Sid"), f"Sid {sid!r} has characters other than A-Z, a-z and 0-9.", hint)


CHECK = Check("invalid-sid", Severity.ERROR, _find)
