"""Everything that comes before a change: guards, template, change set, and the plan that people are shown.

    account -> stack at rest -> names are free -> leftovers away -> bucket -> change set -> held template = local one
    -> drift -> Plan

show-changes and deploy both live inside `prepared_change`; they differ in what happens to the plan. On the way out
whatever was not executed is taken away again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sec_provisioner.aws import change_sets, identity, upload
from sec_provisioner.aws import stack as stacks
from sec_provisioner.aws.change_sets import ChangeSetRequest
from sec_provisioner.errors import StackFailedError
from sec_provisioner.failures.changes import CHANGE_SET_FAILED, OTHER_TEMPLATE, OTHER_TEMPLATE_IN_BUCKET
from sec_provisioner.failures.guards import STACK_STUCK
from sec_provisioner.lifecycle.blocking import (
    blockers_of,
    lost_and_kept,
    obstacles_of,
    policies_not_there,
    stated_in,
    with_costs,
)
from sec_provisioner.lifecycle.delivery import Route, choose_route, send_template
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.guards import guard_account, guard_names, guard_rest, guard_stack
from sec_provisioner.lifecycle.live_state import fetch_live_state
from sec_provisioner.lifecycle.plan import Operation, Plan, Step
from sec_provisioner.lifecycle.rights import lacking_rights
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.lifecycle.temporary import (
    describe_author,
    discard,
    new_temporary,
    remove_leftovers,
    wait_until_made,
)
from sec_provisioner.live.change_set import ChangeSet, Readiness
from sec_provisioner.live.changes import Change, preview_changes, template_changes, with_stack_tags
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.identity import LiveAccount
from sec_provisioner.live.repair import Stated, find_repair
from sec_provisioner.live.secrets import external_ids_in
from sec_provisioner.live.stack import LiveStack, StackResource
from sec_provisioner.live.status import OnDeploy
from sec_provisioner.live.writes import find_removals, plan_writes

# As many reasons as one can read; the first is usually the cause of the rest.
_REASONS = 5
_NO_EXPRESS = "CloudFormation does not take express mode here: the standard mode is used."


@dataclass(frozen=True)
class Found:
    """What is on AWS before the change."""

    stack: LiveStack | None
    own: tuple[StackResource, ...]
    account: LiveAccount
    deployed: Mapping[str, Any] | None
    """The deployed template; None where the stack holds nothing."""
    route: Route
    live: LiveState | None = None
    """What the deployed template is compared with; None where there is none."""


@contextmanager
def prepared_change(
    run: Run, deployment: Deployment, *, wait: bool = False, use_change_set: bool = True, keep_drift: bool = False
) -> Iterator[tuple[Run, Plan]]:
    """Plan a change, and leave nothing of it behind but what was executed.

    Args:
        run: this run.
        deployment: what is to be there.
        wait: whether to wait for an operation that is going on, instead of refusing.
        use_change_set: without it AWS is only read, and the templates are compared.
        keep_drift: whether what was changed by hand is left as it is.

    Yields:
        The run, which now knows its caller, and the plan.

    Raises:
        RefusedError: another account, somebody else's stack, names or bucket, an operation that is going on.
        AwsError: AWS failed, or the stack is in a state that needs a person.
    """
    run = guard_account(run, deployment.names)
    found = _look_around(run, deployment, wait=wait)
    steps = _steps(found)
    with ExitStack() as leftovers:
        if use_change_set and not steps:
            plan = _plan_by_change_set(run, deployment, found, leftovers)
        else:
            plan = _plan_by_templates(deployment, found, steps)
        plan = _with_skipped(_with_repair(plan, found, keep_drift=keep_drift), found)
        plan = _with_obstacles(run, plan, found)
        yield run, replace(plan, blockers=(*plan.blockers, *lacking_rights(run, plan, found.account)))


# --- what is there ----------------------------------------------------------------------------------


def _look_around(run: Run, deployment: Deployment, *, wait: bool) -> Found:
    stack = guard_rest(run, stacks.fetch_stack(run.aws, deployment.stack), wait=wait)
    guard_stack(stack, deployment.names.stack_stem)
    _refuse_stuck(stack)
    holds = stack is not None and stack.status.on_deploy in (OnDeploy.UPDATE, OnDeploy.CONTINUE)
    own = stacks.fetch_resources(run.aws, deployment.stack) if holds else ()
    account = identity.fetch_account(run.aws)
    guard_names(run, deployment, account, own)
    deployed = stacks.fetch_template(run.aws, deployment.stack) if holds else None
    live = fetch_live_state(run, deployment.resolved(deployed), account) if deployed else None
    return Found(stack, own, account, deployed, choose_route(run, deployment), live)


def _refuse_stuck(stack: LiveStack | None) -> None:
    if stack and stack.status.on_deploy is OnDeploy.REFUSE:
        meaning = f"{stack.status.state} {stack.status_reason}".rstrip()
        raise STACK_STUCK(stack=stack.name, status=stack.status_name, meaning=meaning, mend=stack.status.mend)


_STEPS = {OnDeploy.CLEAR: Step.CLEAR, OnDeploy.CONTINUE: Step.CONTINUE}


def _steps(found: Found) -> tuple[Step, ...]:
    """What must be done before a change set can be made."""
    first = _STEPS.get(found.stack.status.on_deploy) if found.stack else None
    return (*((first,) if first else ()), *((Step.MAKE_BUCKET,) if found.route.is_missing else ()))


# --- the plan, from the templates alone -------------------------------------------------------------


def _plan_by_templates(deployment: Deployment, found: Found, steps: tuple[Step, ...]) -> Plan:
    changes = _compared(deployment, found)
    reason = f"deploy will first {' and '.join(one.value for one in steps)}" if steps else "as asked for"
    notes = (*_left_by_a_failure(found), f"No change set was made ({reason}): the templates were compared.")
    operation = _operation_by_templates(deployment, found)
    return Plan(deployment, found.stack, operation, changes, found.route, steps, notes=notes)


def _left_by_a_failure(found: Found) -> tuple[str, ...]:
    """What state an earlier failure has left the stack in, where deploy mends that first."""
    stack = found.stack
    if stack is None or stack.status.on_deploy not in _STEPS:
        return ()
    return (f"The stack is in {stack.status_name}: {stack.status.state} {stack.status_reason}".rstrip(),)


def _operation_by_templates(deployment: Deployment, found: Found) -> Operation:
    if found.deployed is None:
        return "create"
    # CloudFormation can't update Metadata alone. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
    # metadata-section-structure.html
    old, new = ({**one, "Metadata": None} for one in (found.deployed, deployment.template))
    is_same = _as_held(old) == _as_held(new) and found.stack is not None and found.stack.tags == deployment.tags
    return "none" if is_same else "update"


def _compared(deployment: Deployment, found: Found) -> tuple[Change, ...]:
    """With the tags that the stack hands down: they stand in no template, and are approved like the rest."""
    before = deployment.resolved(found.deployed) if found.deployed else {}
    old_tags = found.stack.tags if found.stack else {}
    return template_changes(with_stack_tags(before, old_tags), with_stack_tags(deployment.resolved(), deployment.tags))


# --- what both plans have beside the changes --------------------------------------------------------


def _with_repair(plan: Plan, found: Found, *, keep_drift: bool) -> Plan:
    """What was changed by hand, and what is to be done about it."""
    if found.deployed is None or found.live is None or found.stack is None:
        return plan
    owner = plan.deployment.policy_owner
    deployed = Stated(plan.deployment.resolved(found.deployed), found.stack.tags, owner)
    new = Stated(plan.deployment.resolved(), plan.deployment.tags, owner)
    repair = find_repair(deployed, new, found.live)
    plan = replace(plan, repair=repair, keeps_drift=keep_drift, notes=(*plan.notes, *repair.foreign))
    return replace(
        plan,
        writes=plan_writes(plan.restores, deployed, new, found.live),
        removals=find_removals(plan.restores, found.live),
    )


def _with_skipped(plan: Plan, found: Found) -> Plan:
    """A rollback can't go on over what is not there any more: it is left out, and made again afterwards.

    CloudFormation leaves out only what a rollback has failed on.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html (ResourcesToSkip)
    """
    if Step.CONTINUE not in plan.steps:
        return plan
    failed = {one.logical_id for one in found.own if one.status == "UPDATE_FAILED"}
    gone = [one for one in plan.repair.restores if one.status == "missing" and one.logical_id in failed]
    notes = (f"The rollback leaves out {one.name}, which was deleted by hand." for one in gone)
    return replace(plan, skipped=tuple(one.logical_id for one in gone), notes=(*plan.notes, *notes))


def _with_obstacles(run: Run, plan: Plan, found: Found) -> Plan:
    stated = stated_in(plan.deployment.resolved(found.deployed)) if found.deployed else {}
    obstacles = obstacles_of(plan.changes, found.own, found.account, stated, run.clock.now())
    if not plan.keeps_drift:
        # They are set back before CloudFormation could stumble over them.
        obstacles = replace(obstacles, extras=(), versions={})
    not_there = policies_not_there(plan.deployment.resolved(), found.account, plan.deployment.policy_owner)
    drifted = lost_and_kept(plan.changes, plan.repair.restores) if plan.keeps_drift else plan.repair.blockers
    trusts = [one.trust for one in found.account.roles]
    return replace(
        plan,
        changes=with_costs(plan.changes, obstacles),
        blockers=(*blockers_of(plan.changes, obstacles), *not_there, *drifted),
        secrets=frozenset(external_ids_in([found.deployed, plan.deployment.template, trusts])),
    )


# --- the plan, from a change set --------------------------------------------------------------------


def _plan_by_change_set(run: Run, deployment: Deployment, found: Found, leftovers: ExitStack) -> Plan:
    remove_leftovers(run, found.stack)
    temporary = new_temporary(run, deployment.stack)
    leftovers.callback(discard, run, temporary)
    made = _make_change_set(run, deployment, found, temporary.name, leftovers)
    if made.is_empty:
        return Plan(deployment, found.stack, "none", (), found.route)
    if made.readiness is not Readiness.READY:
        raise _failed(run, made)
    _compare_held(run, deployment, made)
    return Plan(
        deployment,
        found.stack,
        "create" if found.deployed is None else "update",
        preview_changes(_compared(deployment, found), made.changes),
        found.route,
        change_set=made,
        temporary=temporary,
        notes=(_NO_EXPRESS,) if deployment.express and not made.is_express else (),
        at_preview=stacks.fetch_stack(run.aws, made.stack_id),
    )


def _make_change_set(run: Run, deployment: Deployment, found: Found, name: str, leftovers: ExitStack) -> ChangeSet:
    uploaded = send_template(run, deployment, found.route)
    if uploaded and uploaded.is_new:
        # CloudFormation has taken its copy by the time the change set is there.
        leftovers.callback(upload.remove_template, run.aws, uploaded)
    run.say(f"Making a change set for {deployment.stack}.")
    request = ChangeSetRequest(
        stack=deployment.stack,
        name=name,
        kind="CREATE" if found.deployed is None else "UPDATE",
        token=run.token(),
        description=describe_author(run),
        body=None if uploaded else deployment.text,
        url=uploaded.url if uploaded else None,
        tags=deployment.tags,
        role_arn=deployment.role_arn,
        express=deployment.express,
    )
    return wait_until_made(run, change_sets.create_change_set(run.aws, request))


def _failed(run: Run, made: ChangeSet) -> StackFailedError:
    found = list(dict.fromkeys(change_sets.fetch_validation_errors(run.aws, made)))
    reasons = found[:_REASONS] or [made.reason.rstrip(".") or "it gives no reason"]
    more = f", and {len(found) - _REASONS} more" if len(found) > _REASONS else ""
    return CHANGE_SET_FAILED(reasons=f"{'; '.join(reasons)}{more}")


def _compare_held(run: Run, deployment: Deployment, made: ChangeSet) -> None:
    """What CloudFormation would execute must be what was built here, also when it came by way of a bucket.

    Raises:
        RefusedError: it is something else.
    """
    held = change_sets.fetch_held_template(run.aws, made)
    if _as_held(held) == _as_held(deployment.template):
        return
    if deployment.is_inline:
        raise OTHER_TEMPLATE()
    raise OTHER_TEMPLATE_IN_BUCKET(bucket=deployment.bucket.name)


def _as_held(template: Mapping[str, Any]) -> Any:
    """The template's value as GetTemplate gives it back: CloudFormation turns text beyond ASCII into `?`."""
    return json.loads(re.sub(r"(\?|[^\x00-\x7f])+", "?", json.dumps(template, ensure_ascii=False)))
