"""Every request against the service's published model: what must be there, how long, in which form.

AWS says all that is wrong at once, in these words.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (one such page per operation)
https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html (ValidationError)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sec_local.faults import answer_with_error
from sec_local.service_models import Shape, input_shape, shape

if TYPE_CHECKING:
    from sec_local.call import Call, Response

_CODES = {"iam": "ValidationError", "sts": "ValidationError", "cloudformation": "ValidationError",
          "ssm": "ValidationException"}  # fmt: skip
"""The services that are held to their models, and what they call a request that does not fit."""


async def answer(call: Call) -> Response | None:
    """The gateway's stage."""
    if call.service not in _CODES:
        return None
    values = call.json or nested(call.service, call.operation, call.form)
    message = refusal(call.service, call.operation, values)
    return answer_with_error(call, _CODES[call.service], message, 400) if message else None


def refusal(service: str, operation: str, values: dict[str, Any]) -> str | None:
    """What AWS would say about a request that does not fit its model; None where it fits.

    Args:
        service: as botocore names it.
        operation: `CreateRole`; one that the model does not have is not judged.
        values: the request's parameters, nested, each a text or what JSON makes of it.
    """
    model = input_shape(service, operation)
    if model is None:
        return None
    found = list(_Checker(service).structure(values, model, ""))
    if not found:
        return None
    return f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: {'; '.join(found)}"


def nested(service: str, operation: str, form: dict[str, list[str]]) -> dict[str, Any]:
    """The parameters of a Query-protocol call, whose names spell out where each value belongs.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/iam-query-api.html (`Tags.member.1.Key`)
    """
    model = input_shape(service, operation)
    return _nested_structure(service, model, form, "") if model is not None else {}


def _nested_structure(service: str, model: Shape, form: dict[str, list[str]], prefix: str) -> dict[str, Any]:
    found = {}
    for name, member in model["members"].items():
        value = _nested(service, shape(service, member["shape"]), form, prefix + name)
        if value is not None:
            found[name] = value
    return found


def _nested(service: str, model: Shape, form: dict[str, list[str]], name: str) -> Any:
    if model["type"] == "structure":
        return _nested_structure(service, model, form, f"{name}.") or None
    if model["type"] == "list":
        inner = shape(service, model["member"]["shape"])
        items: list[Any] = []
        while (value := _nested(service, inner, form, f"{name}.member.{len(items) + 1}")) is not None:
            items.append(value)
        return items or ([] if name in form else None)
    if model["type"] == "map":
        return _nested_map(form, name)
    return form[name][0] if name in form else None


def _nested_map(form: dict[str, list[str]], name: str) -> dict[str, str] | None:
    found: dict[str, str] = {}
    while f"{name}.entry.{len(found) + 1}.key" in form:
        entry = f"{name}.entry.{len(found) + 1}"
        found[form[f"{entry}.key"][0]] = form.get(f"{entry}.value", [""])[0]
    return found or None


@dataclass(frozen=True)
class _Checker:
    service: str

    def structure(self, values: dict[str, Any], model: Shape, where: str) -> Iterator[str]:
        """The problems of a structure's members, missing ones first."""
        for name in model.get("required", []):
            if values.get(name) is None:
                yield f"Value null at '{where}{_lower(name)}' failed to satisfy constraint: Member must not be null"
        for name, member in model["members"].items():
            if values.get(name) is not None:
                yield from self._value(values[name], shape(self.service, member["shape"]), f"{where}{_lower(name)}")

    def _value(self, value: Any, model: Shape, where: str) -> Iterator[str]:
        kind = model["type"]
        if kind == "structure" and isinstance(value, dict):
            yield from self.structure(value, model, f"{where}.")
        elif kind == "list" and isinstance(value, list):
            yield from _refused(value, where, _length(len(value), model), model)
            inner = shape(self.service, model["member"]["shape"])
            for number, item in enumerate(value, 1):
                yield from self._value(item, inner, f"{where}.{number}.member")
        elif kind == "string":
            yield from _refused(value, where, _text(str(value), model), model)
        elif kind in ("integer", "long"):
            yield from _refused(value, where, _number(value, model), model)


def _refused(value: Any, where: str, rules: Iterator[str], model: Shape) -> Iterator[str]:
    shown = "" if model.get("sensitive") else f" '{value}'"
    for rule in rules:
        yield f"Value{shown} at '{where}' failed to satisfy constraint: Member must {rule}"


def _length(size: int, model: Shape) -> Iterator[str]:
    if size < model.get("min", 0):
        yield f"have length greater than or equal to {model['min']}"
    if size > model.get("max", size):
        yield f"have length less than or equal to {model['max']}"


def _text(value: str, model: Shape) -> Iterator[str]:
    yield from _length(len(value), model)
    if "pattern" in model and not _fits(model["pattern"], value):
        yield f"satisfy regular expression pattern: {model['pattern']}"
    if "enum" in model and value not in model["enum"]:
        yield f"satisfy enum value set: [{', '.join(model['enum'])}]"


def _number(value: Any, model: Shape) -> Iterator[str]:
    try:
        number = int(value)
    except (TypeError, ValueError):
        yield "be a number"
        return
    if number < model.get("min", number):
        yield f"have value greater than or equal to {model['min']}"
    if number > model.get("max", number):
        yield f"have value less than or equal to {model['max']}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _fits(pattern: str, value: str) -> bool:
    return _compiled(pattern).fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> Any:
    r"""The models' patterns are Java's: `\w` means ASCII, and some know `\p{L}`, which `re` does not."""
    try:
        return re.compile(pattern, re.ASCII)
    except re.error:
        import regex  # noqa: PLC0415 - it comes with cfn-lint, as the resource schemas do

        return regex.compile(pattern.replace(r"\w", "[a-zA-Z_0-9]"), regex.VERSION1)
