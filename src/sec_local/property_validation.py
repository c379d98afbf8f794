"""A resource's properties against its published schema, with what CloudFormation forgives forgiven.

Scalars may be written as text and text as a number or a boolean, as templates do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


_DYNAMIC = "{{resolve:"
"""A dynamic reference: its value comes from SSM or Secrets Manager when the resource is made."""


@dataclass(frozen=True)
class Problem:
    """What is wrong. `path` begins with a slash, or is empty for the resource itself."""

    path: str
    text: str


def problems_of(properties: Any, schema: dict[str, Any], *, unknown: str | None = None) -> list[Problem]:
    """Everything that the schema does not allow.

    Args:
        properties: resolved ones.
        schema: a resource type's schema.
        unknown: a text that contains this stands for a value that is not known yet, and is not judged.
    """
    return list(_Checker(schema, unknown).check(properties, _writable(schema), ""))


def _writable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what a template may state: read-only properties are extraneous."""
    read_only = {
        path.removeprefix("/properties/")
        for path in schema.get("readOnlyProperties") or []
        if path.count("/") == 2  # noqa: PLR2004 - top-level ones
    }
    properties = {name: value for name, value in (schema.get("properties") or {}).items() if name not in read_only}
    return {"type": "object", **schema, "properties": properties}


@dataclass(frozen=True)
class _Checker:
    schema: dict[str, Any]
    unknown: str | None

    def check(self, value: Any, rule: dict[str, Any], path: str) -> Iterator[Problem]:
        """The problems of one value under one rule."""
        if "$ref" in rule:
            rule = self.schema.get("definitions", {}).get(str(rule["$ref"]).rpartition("/")[2], {})
        if self.unknown and isinstance(value, str) and (self.unknown in value or _DYNAMIC in value):
            return
        kinds = rule.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(_is(value, kind) for kind in kinds):
            yield Problem(path, f"expected type: {_NAMES[kinds[0]]}, found: {_found(value)}")
            return
        if "enum" in rule and value not in rule["enum"] and str(value) not in map(str, rule["enum"]):
            yield Problem(path, f"{value} is not a valid enum value")
        if isinstance(value, dict) and ("properties" in rule or "patternProperties" in rule):
            yield from self._object(value, rule, path)
        elif isinstance(value, list):
            yield from self._array(value, rule, path)
        elif not isinstance(value, dict):
            yield from _scalar(value, rule, path)

    def _object(self, value: dict[str, Any], rule: dict[str, Any], path: str) -> Iterator[Problem]:
        for name in rule.get("required") or []:
            if name not in value:
                yield Problem(path, f"required key [{name}] not found")
        known = rule.get("properties") or {}
        for name, inner in value.items():
            if name in known:
                yield from self.check(inner, known[name], f"{path}/{name}")
            elif patterns := [one for text, one in (rule.get("patternProperties") or {}).items() if _match(text, name)]:
                yield from self.check(inner, patterns[0], f"{path}/{name}")
            elif rule.get("additionalProperties") is False:
                yield Problem(path, f"extraneous key [{name}] is not permitted")

    def _array(self, value: list[Any], rule: dict[str, Any], path: str) -> Iterator[Problem]:
        if len(value) > rule.get("maxItems", len(value)):
            yield Problem(path, f"expected maximum item count: {rule['maxItems']}, found: {len(value)}")
        if len(value) < rule.get("minItems", 0):
            yield Problem(path, f"expected minimum item count: {rule['minItems']}, found: {len(value)}")
        texts = [json.dumps(inner, sort_keys=True) for inner in value]
        texts = [text for text in texts if not (self.unknown and self.unknown in text)]
        if rule.get("uniqueItems") and len(set(texts)) < len(texts):
            yield Problem(path, "array items are not unique")
        for number, inner in enumerate(value):
            yield from self.check(inner, rule.get("items") or {}, f"{path}/{number}")


def _scalar(value: Any, rule: dict[str, Any], path: str) -> Iterator[Problem]:
    text = str(value)
    if "maximum" in rule and _is(value, "number") and float(value) > rule["maximum"]:
        yield Problem(path, f"{value} is not less or equal to {rule['maximum']}")
    if "minimum" in rule and _is(value, "number") and float(value) < rule["minimum"]:
        yield Problem(path, f"{value} is not greater or equal to {rule['minimum']}")
    if len(text) > rule.get("maxLength", len(text)):
        yield Problem(path, f"expected maxLength: {rule['maxLength']}, actual: {len(text)}")
    if len(text) < rule.get("minLength", 0):
        yield Problem(path, f"expected minLength: {rule['minLength']}, actual: {len(text)}")
    if "pattern" in rule and not _match(rule["pattern"], text):
        yield Problem(path, f"failed validation constraint for keyword [pattern]: {rule['pattern']}")


_NAMES = {
    "string": "String", "integer": "Integer", "number": "Number", "boolean": "Boolean", "object": "JSONObject",
    "array": "JSONArray",
}  # fmt: skip


def _found(value: Any) -> str:
    for kind, types in (("JSONObject", dict), ("JSONArray", list), ("Boolean", bool), ("String", str)):
        if isinstance(value, types):
            return kind
    return "Null" if value is None else "Number"


def _is(value: Any, kind: str) -> bool:
    if kind in ("object", "array"):
        return isinstance(value, dict if kind == "object" else list)
    if kind == "string":
        return isinstance(value, str | int | float | bool)
    if kind == "boolean":
        return isinstance(value, bool) or str(value).lower() in ("true", "false")
    if isinstance(value, bool):
        return False
    try:
        number = float(value)
    except (TypeError, ValueError):
        return False
    return kind == "number" or number.is_integer()


def _match(pattern: str, text: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.search(text) is not None


@cache
def _compiled(pattern: str) -> Any:
    r"""AWS's patterns are Java's: `regex` knows `\p{L}`. One that it does not know is not judged."""
    import regex  # noqa: PLC0415 - it comes with cfn-lint, as the schemas do

    try:
        return regex.compile(pattern)
    except regex.error:
        return None
