"""Configs for tests: the masters, filled in as init-config does."""

from __future__ import annotations

from sec_provisioner.config.master import new_config
from sec_provisioner.config.model import Config
from sec_provisioner.config.parse import parse_config
from sec_provisioner.pipeline import Built, build

FILE = "edge-prod-b001-us-west-1-sec.yaml"
EXTERNAL_ID = "0123456789abcdef0123456789abcdef"

SETTINGS = {
    "client.company_name": "Edge Analytics",
    "client.company_prefix": "edge",
    "client.tenant_id": "b001",
    "client.account_id": "123456789012",
    "environment.env": "prod",
    "environment.region": "us-west-1",
}


def master(tier: str = "startup", **settings: str) -> str:
    """A tier's master config as text; `settings` with `__` for the dots."""
    changed = {key.replace("__", "."): value for key, value in settings.items()}
    return new_config(tier, {**SETTINGS, **changed}, lambda: EXTERNAL_ID).text


def parsed(text: str, file: str = FILE) -> Config:
    """A config that is known to be good."""
    result = parse_config(text.encode(), file)
    assert result.config is not None, result.problems
    return result.config


def built(text: str, suffix: str | None = None) -> Built:
    """The whole pipeline over a config that is known to be good."""
    return build(parsed(text), suffix)
