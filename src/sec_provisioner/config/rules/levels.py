"""Policy assignments name a service and one of its levels."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.catalogue.levels import Level, find_level, levels_of, services
from sec_provisioner.config import paths
from sec_provisioner.config.model import Config
from sec_provisioner.config.nearest import nearest, suggestion
from sec_provisioner.config.rules.rule import Broken, holders


def check(config: Config) -> Iterator[Broken]:
    """Unknown services and levels, in whatever is defined."""
    for _, path, holder in holders(config):
        for service, reference in holder.policy_assignments.items():
            place = paths.child(f"{path}.policy_assignments", service)
            if service not in services():
                message = f"there is no service `{service}` with policy levels"
                hint = _whose(service) or suggestion(service, services(), "There are")
                yield Broken("unknown-service", place, message, hint, at_key=True)
            elif find_level(service, reference) is None:
                message = f"`{service}` has no level `{reference}`"
                yield Broken("unknown-level", place, message, _which(service, reference))


def _whose(prefix: str) -> str:
    """The services whose levels hold the actions of a prefix: `codebuild` is part of `pipeline`."""
    holders = [
        f"`{service}`"
        for service in services()
        if any(action.startswith(f"{prefix}:") for level in levels_of(service) for action in _actions(level))
    ]
    return f"Its actions are in the levels of {' and '.join(holders)}." if holders else ""


def _actions(level: Level) -> Iterator[str]:
    for statement in level.statements:
        yield from statement["Action"]


def _which(service: str, reference: str) -> str:
    """The levels that the service has, after the one that was most likely meant."""
    levels = levels_of(service)
    meant = f"level{reference}" if reference.isdigit() else reference
    known = [word for level in levels for word in (level.reference, level.name)]
    near = meant if meant in known else nearest(meant, known)
    others = [other for other in services() if other != service and find_level(other, reference)]
    return " ".join(
        part
        for part in (
            f"Did you mean `{near}`?" if near else "",
            f"It is a level of {', '.join(others)}." if others and not near else "",
            f"Levels of {service}: {', '.join(f'{level.reference} ({level.name})' for level in levels)}.",
        )
        if part
    )
