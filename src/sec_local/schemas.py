"""AWS's published resource schemas, as cfn-lint carries them; read one by one, when first needed.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_REGION = "us-east-1"
"""Whose list of types is used: the one with the most of them."""


@cache
def _folder() -> Path | None:
    """Where cfn-lint keeps them. Found without importing cfn-lint, which takes longer than a whole deployment."""
    found = find_spec("cfnlint")
    origin = found.origin if found else None
    return Path(origin).parent / "data" / "schemas" if origin else None


@cache
def _types() -> dict[str, str]:
    """Which file holds which type; empty where cfn-lint is not installed."""
    folder = _folder()
    if folder is None:
        return {}
    listed: dict[str, str] = json.loads((folder / "providers" / f"{_REGION}.json").read_text(encoding="utf-8"))
    return listed


@cache
def schema_of(resource_type: str) -> dict[str, Any] | None:
    """The schema of a resource type; None where nothing is published, or cfn-lint is not there."""
    folder, name = _folder(), _types().get(resource_type)
    if folder is None or name is None:
        return None
    schema: dict[str, Any] = json.loads((folder / "resources" / f"{name}.json").read_text(encoding="utf-8"))
    return schema


@cache
def json_properties(resource_type: str) -> frozenset[str]:
    """Properties whose value is free-form JSON, or a list of things that hold some: policy documents."""
    schema = schema_of(resource_type) or {}
    return frozenset(name for name, value in (schema.get("properties") or {}).items() if _holds_json(value, schema, 0))


def _holds_json(value: dict[str, Any], schema: dict[str, Any], depth: int) -> bool:
    if depth > 4:  # noqa: PLR2004 - schemas may refer to themselves
        return False
    if "$ref" in value:
        value = schema.get("definitions", {}).get(value["$ref"].rpartition("/")[2], {})
    kinds = value.get("type")
    if value.get("format") == "json" or (isinstance(kinds, list) and "object" in kinds):
        return True
    if kinds == "object" and not value.get("properties") and not value.get("patternProperties"):
        return True
    if kinds == "array":
        return _holds_json(value.get("items", {}), schema, depth + 1)
    return any(_holds_json(inner, schema, depth + 1) for inner in (value.get("properties") or {}).values())
