"""A startup config, made the way a user makes one."""

from __future__ import annotations

from support.tool import Tool

CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
STEM = "edge-prod-b001-us-west-1-startup-sec"
SETTINGS = {
    "client.company_name": "Edge Analytics",
    "client.company_prefix": "edge",
    "client.tenant_id": "b001",
    "client.account_id": "123456789012",
    "environment.env": "prod",
    "environment.region": "us-west-1",
}


def set_flags(**changes: str) -> list[str]:
    """`--set path=value` for every setting; changes use `__` for the dot."""
    settings = SETTINGS | {path.replace("__", "."): value for path, value in changes.items()}
    return [part for path, value in settings.items() for part in ("--set", f"{path}={value}")]


def make_startup_config(tool: Tool, **changes: str) -> str:
    """Put the config into configs/; returns its name. Leaves no report behind."""
    ran = tool("init-config", "--tier", "startup", *set_flags(**changes))
    assert ran.code == 0, ran.stderr
    written: str = ran.report["result"]["config"]
    for name in ran.made:
        (ran.reports / name).unlink()
    return written.removeprefix("configs/")
