"""What the actions on AWS share: the connection, what is to be deployed, the question before a change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal
from uuid import uuid4

from sec_provisioner.actions.base import Context
from sec_provisioner.aws.session import Access, RoleToAssume, connect
from sec_provisioner.aws.upload import Bucket
from sec_provisioner.failures.guards import ANSWERED_NO, BLOCKED, NO_TERMINAL
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.events import StackEvent, Step
from sec_provisioner.pipeline import Built
from sec_provisioner.problem import Problem
from sec_provisioner.report.progress import Progress
from sec_provisioner.template.render import minified

# As many as one reads in one line.
_BLOCKERS_TOLD = 3
_ENDS: dict[Step, Literal["well", "badly"] | None] = {Step.BEGUN: None, Step.DONE: "well", Step.FAILED: "badly"}


def open_run(ctx: Context, progress: Progress | None = None) -> Run:
    """Connect with the credentials that the options and the config name.

    Raises:
        AwsError: there are none, or they can't be used.
    """
    config = ctx.config
    wanted = config.deployment.assume_role
    role = RoleToAssume(wanted.role_arn, wanted.external_id, wanted.session_name) if wanted else None
    access = Access(
        region=config.environment.region,
        profile=ctx.options.profile,
        endpoint_url=ctx.options.endpoint_url,
        assume_role=role,
        has_terminal=ctx.terminal.asks,
    )

    def show(event: StackEvent) -> None:
        if progress:
            ends = None if event.step is None else _ENDS[event.step]
            progress.show(event.logical_id, event.type, event.status, event.reason, ends=ends)

    return Run(
        aws=connect(access),
        clock=ctx.clock,
        unique=lambda: uuid4().hex[:8],
        say=ctx.log.say,
        note=ctx.log.detail,
        on_event=show,
    )


def deployment_of(built: Built, *, create_bucket: bool = False, express: bool = False) -> Deployment:
    """What the config wants to be on AWS. `express` asks for express mode where the config does not."""
    names, settings = built.names, built.config.deployment
    bucket = Bucket(
        name=settings.template_bucket or names.default_bucket,
        account_id=names.identity.account_id,
        region=names.identity.region,
        kms_key=settings.template_bucket_kms_key,
        is_made_here=settings.template_bucket is None or create_bucket,
    )
    return Deployment(
        names=names,
        template=built.template.body,
        text=minified(built.template),
        tags=dict(built.model.tags),
        bucket=bucket,
        role_arn=settings.cloudformation_role_arn,
        termination_protection=settings.termination_protection,
        express=express or settings.mode == "express",
    )


def refuse_blocked(blockers: Collection[Problem]) -> None:
    """Go no further where something stands in the way.

    Raises:
        RefusedError: with the first that do, and what to do about them; the result has them all.
    """
    if not blockers:
        return
    first = list(blockers)[:_BLOCKERS_TOLD]
    rest = len(blockers) - len(first)
    told = [*(one.message for one in first), *([f"And {rest} more stand in the way, listed above."] if rest else [])]
    mends = dict.fromkeys(f"{one.hint.rstrip('.')}." for one in first if one.hint)
    raise BLOCKED(blockers=" ".join(told), mends=" ".join(mends))


def require_consent(ctx: Context, question: str) -> None:
    """Ask before something is changed; `--force` means that nobody need be asked.

    Raises:
        RefusedError: the answer was no, or nobody is there to answer.
    """
    if ctx.own("force"):
        return
    if not ctx.terminal.asks:
        raise NO_TERMINAL()
    if not ctx.terminal.confirm(question):
        raise ANSWERED_NO()
