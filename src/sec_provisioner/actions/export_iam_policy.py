"""export-iam-policy: the least that the operator of this tool must be allowed, as one managed policy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from sec_provisioner.actions.base import Context
from sec_provisioner.errors import ExitCode
from sec_provisioner.exports import export_text
from sec_provisioner.failures.usage import NO_ACTION_ON_AWS
from sec_provisioner.iam.size import document_size
from sec_provisioner.operator_policy.build import build_operator_policy
from sec_provisioner.operator_policy.needs import acting
from sec_provisioner.policies import MANAGED_POLICY_SIZE
from sec_provisioner.problem import Problem, Severity
from sec_provisioner.report.results import OperatorPolicyResult
from sec_provisioner.report.terminal import Style


def run(ctx: Context) -> ExitCode:
    """Write `policies/{stem}-iam-policy.json`."""
    actions = _actions(ctx.own("narrowed_to"))
    built = ctx.built
    policy = build_operator_policy(built, actions, ctx.own("extras"))
    file = ctx.folders["policies"].write(built.names.operator_policy_file, export_text(policy))
    size = document_size(policy)
    result = OperatorPolicyResult(
        policy=file,
        size=size,
        statements={one["Sid"]: len(one["Action"]) for one in policy["Statement"]},
    )
    problems = (*ctx.checked.problems, *_too_large(size))
    return ctx.finish(result, render=policy_lines, problems=problems, files=(file,))


def _actions(given: str | None) -> tuple[str, ...]:
    """The actions that `--for` names; none where it is not given.

    Raises:
        UsageError: one of them is no action that calls AWS.
    """
    if given is None:
        return ()
    names = tuple(one.strip() for one in given.split(","))
    for name in names:
        if name not in acting():
            known = sorted(acting())
            close = difflib.get_close_matches(name, known, n=1)
            offer = f"Did you mean {close[0]}?" if close else ""
            raise NO_ACTION_ON_AWS(name=name or "an empty name", offer=offer, known=", ".join(known))
    return names


def _too_large(size: int) -> tuple[Problem, ...]:
    if size <= MANAGED_POLICY_SIZE:
        return ()
    message = f"The operator's policy has {size:,} characters, a managed policy takes {MANAGED_POLICY_SIZE:,}."
    hint = "Make one policy for each of the actions: --for deploy, then --for delete-stack."
    return (Problem("operator-policy-too-large", Severity.ERROR, message, hint),)


def policy_lines(result: OperatorPolicyResult, style: Style) -> Iterator[str]:
    """The file, and how many actions each statement allows."""
    size = f"{result.size:,} of {MANAGED_POLICY_SIZE:,} characters"
    yield f"{style.good('written')} {style.strong(result.policy)} ({size})"
    for sid, count in result.statements.items():
        yield f"{count:>8}  {sid}"
    yield "It confines names, not power: who may use it can make groups and policies, so is in effect an administrator."
