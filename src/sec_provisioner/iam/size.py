"""How IAM measures a policy document: characters without white space, out of a limited set.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# The pattern of PolicyDocument in the IAM API: tab, line feed, carriage return, U+0020 to U+00FF.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\u00ff]")


def document_size(document: Mapping[str, Any]) -> int:
    """Characters that a policy document, or one statement of it, counts against a quota.

    White space between the elements is not counted, white space inside a text is: AWS does not say, and this is the
    larger of the two counts.
    """
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def forbidden_characters(text: str) -> tuple[str, ...]:
    """The characters that IAM takes in no policy document, each once, in order (typographic dashes, CJK, ...)."""
    return tuple(dict.fromkeys(_FORBIDDEN.findall(text)))
