"""The JSON Schema of the config, for editors: made from the model, so that it can't tell another story."""

from __future__ import annotations

from typing import Any

from sec_provisioner.config.model import Config

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema as JSON-like values, in the model's order; each field has a description that an editor shows."""
    schema = Config.model_json_schema()
    return {"$schema": DIALECT, **schema, "title": "SEC Provisioner config"}
