"""Write the JSON Schemas of all results into the package: `python scripts/make_schemas.py`.

The dataclasses of `report/` are the source; a test compares what is shipped with what this would write.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sec_provisioner.report.document import SCHEMA_VERSION, Document
from sec_provisioner.report.result_types import RESULT_TYPES

FOLDER = Path(__file__).parents[1] / "src" / "sec_provisioner" / "data" / "schemas"


def schema_of(action: str) -> dict[str, Any]:
    """The JSON Schema of one action's whole document."""
    document: Any = Document[RESULT_TYPES[action]]  # type: ignore[valid-type] # a class that only the table knows
    made: dict[str, Any] = TypeAdapter(document).json_schema(mode="serialization")
    made["properties"]["action"]["const"] = action
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": f"Result of {action}, schema version {SCHEMA_VERSION}",
    }


def schema_texts() -> dict[str, str]:
    """File name -> content, of every action that has a result."""
    return {
        f"result-{action}.json": json.dumps(schema_of(action), indent=2, ensure_ascii=False) + "\n"
        for action in RESULT_TYPES
    }


def main() -> None:
    """Write what is new, remove what no action has any more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = schema_texts()
    for old in FOLDER.glob("result-*.json"):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
