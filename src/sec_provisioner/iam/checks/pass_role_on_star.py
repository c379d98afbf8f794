"""`pass-role-on-star`: `iam:PassRole` on every role, administrators' ones included.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.arn import MalformedArnError
from sec_provisioner.iam.checks.base import (
    ONLY_IDENTITY,
    Check,
    Context,
    Finding,
    action_places,
    resource_places,
)
from sec_provisioner.iam.checks.everything import EVERY_ACTION, is_on_everything
from sec_provisioner.iam.checks.passed_services import passed_services
from sec_provisioner.iam.document import Effect, Path, Statement
from sec_provisioner.iam.pattern import action_matches, arn_pattern
from sec_provisioner.problem import Confidence, Severity

_ACTION = "iam:PassRole"
# A name that nobody writes out: what matches it is made of wildcards.
_SOME_ROLE = "role/~~~~~~~~"


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    if statement.effect is Effect.DENY:
        return
    passing = _passing(statement)
    if passing and _is_on_every_role(statement):
        yield _finding(passing[0], passed_services(statement))


def _passing(statement: Statement) -> list[Path]:
    """The actions that pass roles. Every action on everything is a finding of its own, `star-on-star`."""
    matching = [(path, action) for path, action in action_places(statement) if action_matches(action, _ACTION)]
    if statement.action.negated:
        return [] if matching else [("NotAction",)]
    everything = EVERY_ACTION if is_on_everything(statement) else ()
    return [path for path, action in matching if action not in everything]


def _is_on_every_role(statement: Statement) -> bool:
    if statement.resource is None or statement.resource.negated:
        return statement.resource is not None
    return any(_is_every_role(text) for _, text in resource_places(statement))


def _finding(path: Path, services: tuple[str, ...]) -> Finding:
    """Where the service is fixed, only roles that trust it can be passed."""
    if services:
        message = f"The statement allows passing every role to {', '.join(services)}."
        return Finding(path, message, "Name the roles in Resource.", Confidence.MEDIUM)
    message = "The statement allows passing every role, so its holder can act as any of them through a service."
    return Finding(path, message, "Name the roles in Resource, and the service in a condition on iam:PassedToService.")


def _is_every_role(text: str) -> bool:
    try:
        pattern = arn_pattern(text)
    except MalformedArnError:
        return False
    return pattern.fields is None or pattern.fields[-1].matches(_SOME_ROLE)


CHECK = Check("pass-role-on-star", Severity.WARNING, _find, kinds=ONLY_IDENTITY)
