"""The JSON Schema of the config, for editors: made from the model and the catalogue, so that all tell one story."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from sec_provisioner.catalogue.levels import levels_of, services
from sec_provisioner.config.model import Config

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ASSIGNMENTS = "policy_assignments"


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) as JSON-like values; each field has a description that an editor shows."""
    schema = _finished(TypeAdapter(Config).json_schema())
    return {"$schema": _DIALECT, "title": "SEC Provisioner config", **schema}


def _finished(schema: Any) -> Any:
    """Without pydantic's titles, which only repeat the keys; keys held to their patterns; services and levels named."""
    if isinstance(schema, list):
        return [_finished(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    finished = {key: _finished(part) for key, part in schema.items() if not (key == "title" and isinstance(part, str))}
    if "patternProperties" in finished:
        finished["additionalProperties"] = False
    properties = finished.get("properties", {})
    if _ASSIGNMENTS in properties:
        properties[_ASSIGNMENTS] |= {"properties": _levels(), "additionalProperties": False}
    return finished


def _levels() -> dict[str, Any]:
    return {service: _levels_of_service(service) for service in services()}


def _levels_of_service(service: str) -> dict[str, Any]:
    levels = levels_of(service)
    lines = [f"{level.reference} ({level.name}): {level.purpose}" for level in levels]
    words = [word for level in levels for word in (level.reference, level.name)]
    return {"enum": words, "description": "\n".join(lines)}
