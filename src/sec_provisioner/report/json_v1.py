"""Document -> JSON text, schema version 1."""

from __future__ import annotations

import json
from typing import Any

from sec_provisioner.report.document import Document, plain


def render(document: Document[Any]) -> str:
    """Two spaces, keys in the order of the dataclasses, one newline at the end."""
    return json.dumps(plain(document), indent=2, ensure_ascii=False) + "\n"
