"""POLICY_GUIDE.md: every policy level, from its data file."""

from __future__ import annotations

from collections.abc import Iterator

from guides.markdown import bullets, code, codes, document, table
from guides.recipes import RECIPES, render_recipe
from guides.statements import render_statement
from sec_provisioner.catalogue.levels import Level, levels_of, services
from sec_provisioner.catalogue.partitions import partitions, service_exists
from sec_provisioner.catalogue.tiers import tiers
from sec_provisioner.iam.reference import reference

_INTRODUCTION = """\
# Policy guide

A *policy level* is a ready-made set of permissions for one service. A group or role of a config takes one level of a
service, by number or by name:

```yaml
policy_assignments:
  s3: level2                # or: project-buckets-only
  sagemaker: level3         # or: dev-invoke
```

Each level that is used becomes one managed policy, which all groups and roles that use it share.

How to read this page:

- `{project}` is `{company_prefix}-{env}-{tenant_id}`, such as `edge-prod-b001`. What begins with it is the project's.
  `{project}-dev-*` is for development, `{project}-prod-*` for production; what carries neither word is neither.
- Levels are not nested by number: a higher number is not always more. The level called `full` gives the whole service.
- *Access level* is AWS's own word for what kind of action it is. It is coarse: Read includes reading an object, and
  calling a model.
- *On* leaves out the beginning of an ARN where it is the own partition, region and account. `*` stands for any text,
  `?` for any one character: SageMaker's log groups `?r*Jobs` are TrainingJobs, ProcessingJobs and TransformJobs. An
  action on a log group as a whole does not reach one that is named with `:log-stream:`.
- A level never contains `iam:PassRole`. Where one hands roles to services, it says which, and whoever has the level
  gets the permission for exactly these roles and services in a policy of their own.
- Whoever can run or change the project's compute, push to a repository of it, or write its scripts, artefacts or
  models, can act as the role which that compute carries. Beyond that, no level below `full` leads to more than it says.
- VPCs and customer-managed KMS keys are not in the levels, since both have ids that are not known beforehand. They take
  [statements of one's own](#statements-of-ones-own)."""
_OWN = """\
What a level can't hold stands under `statements` of a group or role, in IAM's own keys. `${Project}`,
`${ProjectUnderscored}`, `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}` are filled in there; IAM's own
variables, such as `${aws:username}`, reach IAM as they are. The ids in these recipes are examples."""


def render_policy_guide() -> str:
    """The whole page as Markdown."""
    return document(
        _INTRODUCTION,
        f"Actions and access levels are those of AWS's service reference of {reference().date}.",
        "## All levels",
        table(["Service", "Level", "Name", "For"], [_overview(level) for level in _levels()]),
        *(block for service in services() for block in _service(service)),
        "## Statements of one's own",
        _OWN,
        *map(render_recipe, RECIPES),
    )


def _levels() -> Iterator[Level]:
    for service in services():
        yield from levels_of(service)


def _overview(level: Level) -> tuple[str, ...]:
    return level.service, f"[{level.reference}](#{_anchor(level)})", level.name, level.purpose


def _service(service: str) -> Iterator[str]:
    exists = [one for one in partitions() if service_exists(service, one)]
    yield f"## {service}"
    yield f"In the partitions {codes(exists)}."
    for level in levels_of(service):
        yield from _level(level)


def _level(level: Level) -> Iterator[str]:
    yield f"### {_title(level)}"
    yield level.purpose
    yield f"Typical users: {', '.join(map(_user, level.typical_users))}."
    yield document("Can:", bullets(level.can), "Can't:", bullets(level.cannot)).rstrip()
    if level.beyond_project:
        yield "Given beyond the project, and why:"
        yield table(["What", "Why"], [(one.what, one.why) for one in level.beyond_project])
    if level.passes:
        yield "Hands over roles, each to its own service alone:"
        yield bullets(f"{codes(one.roles)} to {code(one.service)}" for one in level.passes)
    yield "Statements:"
    yield from map(render_statement, level.statements)
    yield "Sources: " + ", ".join(f"<{url}>" for url in level.sources)


def _title(level: Level) -> str:
    return f"{level.service} {level.reference}: {level.name}"


def _anchor(level: Level) -> str:
    """As Markdown renderers make it of the title."""
    return _title(level).replace(":", "").replace(" ", "-")


def _user(name: str) -> str:
    largest = [*tiers().values()][-1]
    built_in = (*largest.groups, *largest.service_roles, *largest.assumable_roles, *largest.cross_account_roles)
    return code(name) if name in built_in else name
