"""Whether the caller may set drift back, where CloudFormation works through a service role and the caller need not.

IAM has no dry run. It is asked what the caller's policies allow (SimulatePrincipalPolicy), before anything is changed.
Where that is not permitted or can't be told, the first write that IAM denies stops the run, and what was set back
before it is named.
"""

from __future__ import annotations

from sec_provisioner.aws.simulation import fetch_denied
from sec_provisioner.lifecycle.plan import Plan
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.identity import Caller, LiveAccount
from sec_provisioner.live.rights import Place, Right, rights_for
from sec_provisioner.problem import Problem, Severity


def lacking_rights(run: Run, plan: Plan, account: LiveAccount) -> tuple[Problem, ...]:
    """What blocks setting drift back for want of rights; nothing without a service role, or where IAM does not tell."""
    if plan.deployment.role_arn is None or not plan.writes:
        return ()
    principal = _principal(run.caller, account)
    if principal is None:
        return ()
    one = plan.deployment.names.identity
    place = Place(one.partition, one.region, one.account_id)
    lacking: dict[str, None] = {}
    for right in rights_for(plan.writes, place):
        denied = fetch_denied(run.aws, principal, right)
        if denied is None:
            run.note("IAM does not say what the caller may do: the first denial will.")
            return ()
        lacking.update(dict.fromkeys(_described(denied, right)))
    return (_problem(run.caller, tuple(lacking)),) if lacking else ()


def _principal(caller: Caller, account: LiveAccount) -> str | None:
    """The user or role whose policies decide; None for the account's root and for federated users."""
    kind, _, name = caller.principal.partition("/")
    if kind == "user":
        return caller.arn
    # A session's ARN has the role's name without its path.
    roles = (one.arn for one in account.roles if one.name == name)
    return next(roles, None) if kind == "assumed-role" else None


def _described(denied: tuple[str, ...], right: Right) -> tuple[str, ...]:
    return tuple(f"{one} on {right.resource}" for one in denied)


def _problem(caller: Caller, lacking: tuple[str, ...]) -> Problem:
    return Problem(
        "rights-lacking",
        Severity.ERROR,
        "CloudFormation works through its service role, but what was changed by hand is set back by the caller, "
        f"{caller.principal}, who lacks: {', '.join(lacking)}.",
        "Run it with these rights, or leave the drift as it is: --keep-drift.",
    )
