"""`passable_by` of a service role names who may hand it to its service."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.config import paths
from sec_provisioner.config.model import KINDS, Config
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.rules.rule import Broken, defined


def check(config: Config) -> Iterator[Broken]:
    """Names that are the key of no group and no role."""
    known = {key for section in KINDS for key in defined(config, section)}
    for role, body in config.security.service_roles.items():
        place = f"{paths.child('security.service_roles', role)}.passable_by"
        for index, key in enumerate(body.passable_by):
            if key not in known:
                message = f"`{key}` is the key of no group and no role"
                hint = suggestion(key, known, "Defined are")
                yield Broken("undefined-reference", paths.item(place, index), message, hint)
