"""The drift of one stack: its template and the account read, and compared. AWS is only read.

caller, stack, template, account, roles, parameters: 5 calls and one for each 10 parameters, plus further pages; one
more where something is named like what a test stack makes
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sec_provisioner.aws import stack as stacks
from sec_provisioner.failures.guards import DRIFT_BUSY, NOTHING_DEPLOYED
from sec_provisioner.lifecycle.deployment import resolve_template
from sec_provisioner.lifecycle.guards import guard_account, guard_stack
from sec_provisioner.lifecycle.live_state import fetch_live_state
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.drift import find_drift
from sec_provisioner.live.extra import are_named_like_a_tests, find_extras
from sec_provisioner.live.findings import ResourceDrift
from sec_provisioner.live.secrets import external_ids_in
from sec_provisioner.live.stack import LiveStack
from sec_provisioner.live.status import OnDelete, OnDeploy
from sec_provisioner.naming import Names


@dataclass(frozen=True)
class Drift:
    """What was found: the template's resources in its order, then those that it does not have.

    `secrets` must not be shown.
    """

    stack: LiveStack
    resources: tuple[ResourceDrift, ...]
    live: LiveState
    """What was compared."""
    secrets: tuple[str, ...]


def check_drift(run: Run, names: Names) -> Drift:
    """Compare the deployed stack with the account.

    Raises:
        RefusedError: another account, there is no stack, or an operation on it is going on.
    """
    run = guard_account(run, names)
    stack = _stack_at_rest(run, names)
    template = stacks.fetch_template(run.aws, stack.name)
    resources = resolve_template(template, names)
    live = fetch_live_state(run, resources)
    secrets = {
        *external_ids_in(resources),
        *(one for role in live.account.roles for one in external_ids_in(role.trust)),
    }
    own = (one.with_outside() for one in find_drift(resources, live, stack.tags))
    found = (*own, *_extras(run, names, resources, live))
    return Drift(stack, found, live, tuple(sorted(secrets)))


def _extras(
    run: Run, names: Names, resources: Mapping[str, Mapping[str, Any]], live: LiveState
) -> tuple[ResourceDrift, ...]:
    found = find_extras(names, resources, live)
    if not are_named_like_a_tests(found):
        return found
    suffixes = {names.suffix_in(one) for one in stacks.fetch_stack_names(run.aws)}
    return find_extras(names, resources, live, {one for one in suffixes if one})


def _stack_at_rest(run: Run, names: Names) -> LiveStack:
    stack = stacks.fetch_stack(run.aws, names.stack)
    if (
        stack is None
        or stack.status.on_delete is OnDelete.NOTHING
        or stack.status.on_deploy in (OnDeploy.CREATE, OnDeploy.CLEAR)
    ):
        raise NOTHING_DEPLOYED(stack=names.stack, region=names.identity.region)
    guard_stack(stack, names.stack_stem)
    if stack.status.is_running:
        raise DRIFT_BUSY(stack=stack.name, status=stack.status_name, meaning=stack.status.state)
    return stack
