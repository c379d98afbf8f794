"""What Parameter Store refuses: names, sizes and patterns.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = {"Standard": 4096, "Advanced": 8192, "Intelligent-Tiering": 8192}
_LONGEST_NAME = 1011
_DEEPEST = 15
_NAME = re.compile(r"[a-zA-Z0-9_.\-/]+")
_TYPES = ("String", "StringList", "SecureString")


def install() -> None:
    """Check before a parameter is put, whoever puts it."""
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use
    from ministack.services import ssm  # noqa: PLC0415 - the same

    put = ssm._put_parameter  # noqa: SLF001 - its one writer of parameters

    def checked(data: dict[str, Any]) -> Any:
        existing = ssm._parameters.get(data.get("Name")) or {}  # noqa: SLF001 - its store
        for code, message in (*_problems(data), *_downgrade(data, existing)):
            return responses.error_response_json(code, message, 400)
        return put(_with_tier(data))

    ssm._put_parameter = checked  # noqa: SLF001 - the same


def _with_tier(data: dict[str, Any]) -> dict[str, Any]:
    """Intelligent-Tiering means the lowest tier that does.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
    """
    if data.get("Tier") != "Intelligent-Tiering":
        return data
    needs_more = len(str(data.get("Value", ""))) > _LONGEST["Standard"] or data.get("Policies")
    return {**data, "Tier": "Advanced" if needs_more else "Standard"}


def _downgrade(data: dict[str, Any], existing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if data.get("Overwrite") and data.get("Tier") == "Standard" and existing.get("Tier") == "Advanced":
        text = "This parameter uses the advanced-parameter tier. It can't be downgraded to the standard-parameter tier."
        yield "ValidationException", text


def _problems(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name, value = str(data.get("Name", "")), str(data.get("Value", ""))
    tier, pattern = str(data.get("Tier") or "Standard"), data.get("AllowedPattern")
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or ("/" in name and not name.startswith("/")):
        text = f"Parameter name must be fully qualified, of letters, digits and .-_/, at most {_LONGEST_NAME} long."
        yield "ValidationException", text
    if name.count("/") > _DEEPEST:
        text = f"A parameter hierarchy can have a maximum of {_DEEPEST} levels."
        yield "HierarchyLevelLimitExceededException", text
    if data.get("Type") not in (None, "", *_TYPES):
        yield "UnsupportedParameterType", f"The parameter type {data['Type']} is not supported."
    if not value:
        yield "ValidationException", "Value is required: it must have a length greater than or equal to 1."
    if len(value) > _LONGEST.get(tier, _LONGEST["Standard"]):
        text = f"{tier} tier parameters support a maximum parameter value of {_LONGEST.get(tier)} characters."
        yield "ValidationException", text
    if pattern and not re.search(str(pattern), value):
        text = f"Parameter value, cannot be validated against allowedPattern: {pattern}"
        yield "ParameterPatternMismatchException", text
