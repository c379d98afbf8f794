"""Ask IAM from within the local AWS, as a client would ask it from outside: the same handlers, the same refusals."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

from sec_local import cloudtrail
from sec_local.iam.wire import by_service


class IamError(Exception):
    """IAM refused. `code` is AWS's error code, `status` the HTTP status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def ask(action: str, **parameters: Any) -> None:
    """Do one IAM action in the current account.

    Args:
        action: `CreateRole`, `AttachGroupPolicy`, ...
        parameters: the action's parameters; None is left out, documents go as JSON, tags as a list of Key, Value.

    Raises:
        IamError: IAM refused it.
    """
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    flat = _flat(parameters)
    with by_service():
        status, _, body = iam._IAM_HANDLERS[action](flat)  # noqa: SLF001 - its table of actions
    if status >= 400:  # noqa: PLR2004 - HTTP's errors
        raise _error(status, body)
    cloudtrail.note_by_service(action, flat)


def _flat(parameters: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in parameters.items():
        if name == "Tags":
            for number, tag in enumerate(value or [], 1):
                flat[f"Tags.member.{number}.Key"] = str(tag["Key"])
                flat[f"Tags.member.{number}.Value"] = str(tag["Value"])
        elif name == "TagKeys":
            flat.update({f"TagKeys.member.{number}": key for number, key in enumerate(value, 1)})
        elif value is not None:
            flat[name] = document_text(value) if isinstance(value, dict | list) else str(value)
    return flat


def document_text(document: Any) -> str:
    """A policy document as CloudFormation hands it to IAM: JSON text."""
    return document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))


def _error(status: int, body: bytes) -> IamError:
    try:
        root = ET.fromstring(body)  # noqa: S314 - the local AWS's own answer
    except ET.ParseError:
        return IamError("ServiceFailure", body.decode("utf-8", "replace"), status)
    texts = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
    return IamError(texts.get("Code", "ServiceFailure"), texts.get("Message", ""), status)
