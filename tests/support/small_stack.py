"""A small tenant for tests of the life of a stack: a config, what it builds, and a run against the local AWS."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import botocore.session

from sec_provisioner.aws.session import Access, connect
from sec_provisioner.aws.upload import Bucket
from sec_provisioner.config.parse import parse_config
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.execute import execute
from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.prepare_change import prepared_change
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.events import StackEvent
from sec_provisioner.pipeline import Built, build
from sec_provisioner.template.render import minified

REGION = "us-west-1"
STEM = "edge-prod-b001-us-west-1-startup-sec"
STACK = f"{STEM}-stack"

_GROUP = """\
    {key}:
      description: {description}
      policy_assignments: {{{levels}}}
      statements:
        - {{Sid: OwnTopics, Effect: Allow, Action: ["sns:ListTopics"], Resource: "*"}}
"""


def small_config(
    account_id: str,
    *,
    groups: tuple[str, ...] = ("analysts", "readers"),
    levels: str = "s3: level2",
    deployment: str = "",
) -> str:
    """A config with groups of its own and one service role."""
    bodies = "".join(_GROUP.format(key=one, description=f"The {one}", levels=levels) for one in groups)
    return f"""\
tier: {{name: startup, version: startup-5}}
client: {{company_name: Edge, company_prefix: edge, tenant_id: b001, account_id: "{account_id}"}}
environment: {{env: prod, region: {REGION}}}
deployment: {{{deployment}}}
tags: {{owner: security}}
security_profiles:
  startup:
    enabled_groups: [{", ".join(groups)}]
    enabled_service_roles: [worker]
security:
  iam_groups:
{bodies}
  service_roles:
    worker: {{description: Works, service: lambda.amazonaws.com, policy_assignments: {{s3: level1}}}}
"""


def large_config(account_id: str, deployment: str = "") -> str:
    """One whose template does not fit into a request."""
    groups = tuple(f"group-{number}" for number in range(110))
    return small_config(account_id, groups=groups, levels="", deployment=deployment)


def built_from(text: str, suffix: str | None = None) -> Built:
    """The whole pipeline on a config that is valid."""
    parsed = parse_config(text.encode(), "edge-prod-b001-us-west-1-sec.yaml")
    assert parsed.config is not None, parsed.problems
    return build(parsed.config, suffix)


def deployment_from(
    text: str, *, create_bucket: bool = False, suffix: str | None = None, express: bool = False
) -> Deployment:
    """What would be deployed."""
    built = built_from(text, suffix)
    identity, settings = built.names.identity, built.config.deployment
    bucket = Bucket(
        settings.template_bucket or built.names.default_bucket,
        identity.account_id,
        identity.region,
        is_made_here=settings.template_bucket is None or create_bucket,
    )
    return Deployment(
        names=built.names,
        template=built.template.body,
        text=minified(built.template),
        tags=dict(built.model.tags),
        bucket=bucket,
        role_arn=settings.cloudformation_role_arn,
        termination_protection=settings.termination_protection,
        express=express,
    )


@dataclass
class QuickClock:
    """Real enough for AWS, but nobody waits: a pause is a hundredth of what was asked for."""

    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        import time  # noqa: PLC0415 - the one place in tests that waits

        self.slept.append(seconds)
        time.sleep(seconds / 100)


@dataclass
class Recorder:
    """What a run said and which events it saw."""

    lines: list[str] = field(default_factory=list)
    events: list[StackEvent] = field(default_factory=list)


_words = itertools.count(1)


def run_here(recorder: Recorder | None = None, region: str = REGION) -> Run:
    """A run with the credentials of the environment, which the fixtures of `local_aws` set."""
    heard = recorder or Recorder()
    return Run(
        aws=connect(Access(region)),
        clock=QuickClock(),
        unique=lambda: f"w{next(_words):05d}",
        say=heard.lines.append,
        on_event=heard.events.append,
    )


# --- the account, looked at by a client that is not the tool's ----------------------------------------


def client(service: str) -> Any:
    """A plain client."""
    return botocore.session.Session().create_client(service)


def stack_statuses() -> dict[str, str]:
    """Name -> status of every stack."""
    return {one["StackName"]: one["StackStatus"] for one in client("cloudformation").describe_stacks()["Stacks"]}


def pending_change_sets() -> list[str]:
    """All but those that were executed, which some endpoints go on listing."""
    found = client("cloudformation").list_change_sets(StackName=STACK)["Summaries"]
    return [one["ChangeSetName"] for one in found if not one["ExecutionStatus"].startswith("EXECUTE_")]


def make_change_set(name: str, text: str, kind: str, description: str = "", stack: str = STACK) -> None:
    """A change set of somebody else's."""
    client("cloudformation").create_change_set(
        StackName=stack,
        ChangeSetName=name,
        ChangeSetType=kind,
        TemplateBody=text,
        Description=description or "by hand",
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )


def deploy(deployment: Deployment, recorder: Recorder | None = None) -> Ended:
    """Plan and execute, as deploy does when nothing has to come first."""
    with prepared_change(run_here(recorder), deployment) as (run, plan):
        assert not plan.blockers, plan.blockers
        return execute(run, plan)
