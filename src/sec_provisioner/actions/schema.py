"""schema: the JSON Schema of the config, for editors and other tools."""

from __future__ import annotations

import json

from sec_provisioner.actions.base import Context
from sec_provisioner.config.schema import json_schema
from sec_provisioner.errors import ExitCode
from sec_provisioner.report.results import SchemaResult


def run(ctx: Context) -> ExitCode:
    """Print the bare schema, whatever `--output` says."""
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    return ctx.finish(SchemaResult(len(text.encode())), stdout=text)
