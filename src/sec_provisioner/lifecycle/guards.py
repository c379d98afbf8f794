"""What must hold before anything is done: the right account, a stack of one's own, names that are free."""

from __future__ import annotations

from dataclasses import replace

from sec_provisioner.aws import identity
from sec_provisioner.aws import stack as stacks
from sec_provisioner.errors import RefusedError
from sec_provisioner.failures.guards import NAMES_TAKEN, STACK_BUSY, STACK_OF_OTHERS, WRONG_ACCOUNT, WRONG_PARTITION
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.run import OWN_MARK, Run
from sec_provisioner.live.identity import LiveAccount
from sec_provisioner.live.ownership import STEM_TAG, describe_taken, taken_names
from sec_provisioner.live.stack import LiveStack, StackResource
from sec_provisioner.naming import Names


def guard_account(run: Run, names: Names) -> Run:
    """Know who calls, before anything else. Returns the run with its caller.

    Raises:
        RefusedError: the credentials are of another account or partition than the config.
    """
    caller = identity.fetch_caller(run.aws)
    one = names.identity
    if caller.account_id != one.account_id:
        raise WRONG_ACCOUNT(caller=caller.arn, account=caller.account_id, wanted=one.account_id)
    if caller.partition != one.partition:
        raise WRONG_PARTITION(partition=caller.partition, region=one.region, wanted=one.partition)
    return replace(run, caller=caller)


def guard_stack(stack: LiveStack | None, stem: str) -> None:
    """The stack of this name must not be marked as somebody else's.

    Raises:
        RefusedError: its `stem` tag is another one.
    """
    if stack and stack.tags.get(STEM_TAG, stem) != stem:
        raise STACK_OF_OTHERS(stack=stack.name, owner=stack.tags[STEM_TAG], stem=stem)


def guard_names(run: Run, deployment: Deployment, account: LiveAccount, own: tuple[StackResource, ...]) -> None:
    """IAM is global: a name that the template wants may belong to another region's stack, or to nobody's.

    Raises:
        RefusedError: with every such name and whose it is.
    """
    made = [one.physical_id for one in own if one.exists]
    taken = taken_names(deployment.wanted_names, account, made)
    if not taken:
        return
    stem = deployment.names.stack_stem
    owners = {one.arn: _stack_of(run, one.arn, one.wanted.name) for one in taken}
    problems = describe_taken(taken, stem, {arn: stack for arn, stack in owners.items() if stack})
    hints = dict.fromkeys(one.hint for one in problems)
    raise NAMES_TAKEN(names=" ".join(one.message for one in problems), mends=" ".join(hints))


def _stack_of(run: Run, arn: str, name: str) -> str | None:
    """A managed policy's physical id is its ARN, a group's and a role's the name."""
    return stacks.fetch_owner(run.aws, arn if ":policy/" in arn else name)


def guard_rest(run: Run, stack: LiveStack | None, *, wait: bool) -> LiveStack | None:
    """Nobody must be at work on the stack. With `wait`, wait for them. Returns the stack at rest.

    Raises:
        RefusedError: an operation is going on: which, since when, and by whom.
    """
    if stack is None or not stack.status.is_running:
        return stack
    if not wait:
        raise _busy(run, stack)
    run.say(f"{stack.name}: {stack.status.state} Waiting for it to end.")
    for _ in run.looks():
        found = stacks.fetch_stack(run.aws, stack.id)
        if found is None or not found.status.is_running:
            break
    # By name: what was deleted meanwhile may have been made anew.
    return stacks.fetch_stack(run.aws, stack.name)


def _busy(run: Run, stack: LiveStack) -> RefusedError:
    last = stacks.fetch_last_event(run.aws, stack.id)
    return STACK_BUSY(
        stack=stack.name,
        status=stack.status_name,
        since=f"{stack.changed:%Y-%m-%d %H:%M:%S}",
        author=_author(last.token) if last else "",
        meaning=stack.status.state,
        mend=stack.status.mend,
    )


def _author(token: str) -> str:
    """Whose operation it is, as its token tells; CloudFormation itself keeps no name."""
    if token.startswith(f"{OWN_MARK}-"):
        return f", by this tool, run by {token.removeprefix(f'{OWN_MARK}-').rpartition('-')[0]}"
    if token.startswith("Console-"):
        return ", from the AWS console"
    return f", with the request token {token}" if token else ""
