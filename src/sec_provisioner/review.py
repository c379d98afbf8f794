"""What is checked on the documents and the template that a config makes, each finding led back to its line.

Findings are of two kinds: what AWS would refuse for its size or number, which nobody can accept away, and what a
reviewer may accept with a reason (`suppressions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sec_provisioner.catalogue.escalation import escalation_paths
from sec_provisioner.catalogue.partitions import broad_managed_policy
from sec_provisioner.config.document import Document
from sec_provisioner.config.model import Config
from sec_provisioner.iam.checks.base import Context, PolicyKind
from sec_provisioner.iam.checks.driver import PolicyFinding, check_document
from sec_provisioner.iam.document import Statement
from sec_provisioner.naming import ROLE_NAME_LIMIT, Names
from sec_provisioner.policies import Attached, ManagedPolicy, PolicyDocument, PolicySet, fill_pseudo
from sec_provisioner.problem import Problem, Severity
from sec_provisioner.template.build import Template
from sec_provisioner.template.functions import Resolver
from sec_provisioner.template.limits import LimitFinding, Quotas, check_limits

# `-abc123`: what a test stack adds to every IAM name.
_SUFFIX = "abc123"

_OF_OWN_STATEMENTS = ("useless-statement", "privilege-escalation")


@dataclass(frozen=True)
class Review:
    """All findings, in the order of the template."""

    quota_errors: tuple[Problem, ...]
    findings: tuple[Problem, ...]
    """Those that a config may accept."""


def review(template: Template, policies: PolicySet, config: Config, names: Names, document: Document) -> Review:
    """Check everything that would be built."""
    limits = tuple(_limits(template, config, names))
    findings = (
        *(one for one in limits if one.severity is not Severity.ERROR),
        *_test_names(policies, names),
        *_documents(policies, names),
        *_broad_policies(policies),
        *_bucket(config, names),
    )
    errors = (one for one in limits if one.severity is Severity.ERROR)
    return Review(_placed(errors, document), _placed(findings, document))


def _placed(problems: Iterable[Problem], document: Document) -> tuple[Problem, ...]:
    """Each once: a mirror role repeats what is found on its group, at the same line."""
    return tuple(dict.fromkeys(replace(one, where=document.nearest_location(one.path)) for one in problems))


def check_test_stack(template: Template, config: Config, names: Names) -> tuple[Problem, ...]:
    """What AWS would refuse of a test stack, whose names are longer by the suffix; the worst name first."""
    findings = [one for one in _limit_findings(template, config, names) if one.severity is Severity.ERROR]
    findings.sort(key=lambda one: -_excess(one, template))
    return tuple(_limit_problems(findings, template, names))


# --- limits -----------------------------------------------------------------------------------------


def _limits(template: Template, config: Config, names: Names) -> Iterator[Problem]:
    return _limit_problems([*_limit_findings(template, config, names)], template, names)


def _limit_findings(template: Template, config: Config, names: Names) -> Iterator[LimitFinding]:
    of = config.deployment.quotas
    quotas = Quotas(of.role_attached_policies, of.group_attached_policies, of.role_trust_policy)
    resolver = Resolver(template.resources, names.identity, names.stack)
    return check_limits(template.body, resolver, quotas)


def _limit_problems(findings: list[LimitFinding], template: Template, names: Names) -> Iterator[Problem]:
    longest = max((_excess(one, template) for one in findings), default=0)
    fits = len(names.identity.company_prefix) - longest
    for one in findings:
        path = template.source(one.logical_id, one.path)
        hint = _prefix_hint(_excess(one, template), fits) if one.id == "name-too-long" else one.hint
        yield Problem(one.id, one.severity, one.message, hint, path=path)


def _prefix_hint(over: int, fits: int) -> str:
    """`fits`: the longest prefix with which every name does."""
    return f"Shorten its key by {over}" + (f", or company_prefix to {fits} characters." if fits > 0 else ".")


def _excess(finding: LimitFinding, template: Template) -> int:
    """By how many characters a name is too long; 0 for another finding."""
    if finding.id != "name-too-long":
        return 0
    name = str(template.resources[finding.logical_id]["Properties"][finding.path])
    return len(name) - (ROLE_NAME_LIMIT if finding.path == "RoleName" else 2 * ROLE_NAME_LIMIT)


def _test_names(policies: PolicySet, names: Names) -> Iterator[Problem]:
    """Role names that only a test stack makes too long: they block test-deploy alone."""
    test = Names(names.identity, _SUFFIX)
    excess = {key: len(test.role(key)) - ROLE_NAME_LIMIT for key in policies.roles}
    fits = len(names.identity.company_prefix) - max(excess.values(), default=0)
    for key, over in excess.items():
        if over > 0 and len(names.role(key)) <= ROLE_NAME_LIMIT:
            message = (
                f"{test.role(key)} would have {len(test.role(key))} characters, IAM takes {ROLE_NAME_LIMIT}: "
                "test-deploy is not possible with this config."
            )
            hint = f"For test-deploy shorten company_prefix to {fits} characters, or the role's key by {over}."
            path = policies.trusts[key].statements[0].source
            yield Problem("name-too-long-for-test", Severity.INFO, message, hint, path=path)


# --- IAM findings -----------------------------------------------------------------------------------


def _documents(policies: PolicySet, names: Names) -> Iterator[Problem]:
    """Inline and trust documents: what the config itself decides. Levels are held by the product's own tests."""
    identity = Context(
        PolicyKind.IDENTITY,
        names.identity.partition,
        names.identity.account_id,
        escalation_paths=escalation_paths(),
    )
    for attached in (*policies.groups.values(), *policies.roles.values()):
        if attached.inline:
            beside = _level_statements(attached, names) if _has_own(attached.inline) else ()
            yield from _document(attached.inline, replace(identity, beside=beside), names)
    trust_context = replace(identity, kind=PolicyKind.TRUST)
    for trust in policies.trusts.values():
        yield from _document(trust, trust_context, names)


def _has_own(document: PolicyDocument) -> bool:
    return any(_is_own(one.source) for one in document.statements)


def _is_own(source: str) -> bool:
    """Whether a statement stands in the config, in the user's own words."""
    return ".statements[" in source


def _level_statements(attached: Attached, names: Names) -> tuple[Statement, ...]:
    return tuple(
        Statement.parse(fill_pseudo(one.body, names.identity))
        for attachment in attached.attachments
        if isinstance(attachment.policy, ManagedPolicy)
        for one in attachment.policy.document.statements
    )


def _document(document: PolicyDocument, context: Context, names: Names) -> Iterator[Problem]:
    for finding in check_document(fill_pseudo(document.value(), names.identity), context):
        path = _config_path(finding, document)
        # What the tool writes is as narrow as levels and `passable_by` make it.
        if finding.id in _OF_OWN_STATEMENTS and not _is_own(path):
            continue
        yield Problem(
            finding.id, finding.severity, finding.message, finding.hint, path=path, confidence=finding.confidence
        )


def _config_path(finding: PolicyFinding, document: PolicyDocument) -> str:
    """The statement in the config, and the place in it where it was written there by hand."""
    source = document.statements[finding.statement or 0].source
    if finding.statement is None or not _is_own(source):
        return source
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in finding.path[2:])
    return source + "".join(steps)


def _broad_policies(policies: PolicySet) -> Iterator[Problem]:
    holders = (*policies.groups.values(), *policies.roles.values())
    # A mirror role's attachments come from its group's lines: each line is reported once.
    by_line = {one.source: one.policy for holder in holders for one in holder.attachments}
    for source, policy in by_line.items():
        broad = broad_managed_policy(policy) if isinstance(policy, str) else None
        if broad is not None:
            message = f"{policy} is wide: {broad.reason}"
            hint = "Use levels or a narrower policy, or accept it under suppressions with a reason."
            yield Problem("broad-managed-policy", Severity.WARNING, message, hint, path=source)


def _bucket(config: Config, names: Names) -> Iterator[Problem]:
    bucket = config.deployment.template_bucket or ""
    if bucket.startswith((f"{names.project}-", f"locked-{names.project}-")):
        message = (
            f"{bucket} is a bucket that the tenant's own groups or roles may write: they could change what is deployed."
        )
        hint = (
            f"Leave it out ({names.default_bucket} is made then), or name a bucket that has no {names.project} in it."
        )
        yield Problem("bucket-in-project", Severity.ERROR, message, hint, path="deployment.template_bucket")
