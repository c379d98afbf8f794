"""No project's name may lie under another's: `edge-prod-b001-x` would fall under the policies of `edge-prod-b001`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken

_PROJECT_INSIDE = re.compile(r"-(prod|dev|test|staging)-[a-z0-9]{4}(?=-|$)")


def check(config: Config) -> Iterator[Broken]:
    """A prefix that holds a whole project's name."""
    prefix = config.client.company_prefix
    inside = _PROJECT_INSIDE.search(prefix)
    if inside:
        under = prefix[: inside.end()]
        message = f"everything named `{prefix}-...` would lie under the project `{under}`"
        hint = f"Choose a prefix without `{inside[0]}` in it."
        yield Broken("prefix-holds-project", "client.company_prefix", message, hint)
