"""A template from a file -> what is wrong with it: shape, quotas, and its policy documents.

The same quota and IAM checks that a config goes through, with places in the template instead of the config.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sec_provisioner.catalogue.escalation import escalation_paths
from sec_provisioner.catalogue.partitions import broad_managed_policy
from sec_provisioner.iam.checks import Context, PolicyFinding, check_document
from sec_provisioner.naming import Names
from sec_provisioner.problem import Problem, Severity
from sec_provisioner.template.functions import Resolver, UnresolvedError
from sec_provisioner.template.limits import Quotas, check_limits
from sec_provisioner.template.places import attachments, other_policies, policy_places, with_parsed_documents
from sec_provisioner.template.reading import Path, TemplateText
from sec_provisioner.template.shape import misshapen_parts

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_AWS_POLICY = re.compile(r"arn:[^:]*:iam::aws:policy/(.+)")


@dataclass(frozen=True)
class Inspection:
    """What was found, and what was not checked, each with the reason."""

    problems: tuple[Problem, ...]
    not_checked: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Subject:
    """A template as text, as a value with its documents parsed, and what works out its functions."""

    template: TemplateText
    body: Mapping[str, Any]
    resources: Mapping[str, Any]
    resolver: Resolver

    def problem(self, id_: str, severity: Severity, message: str, hint: str, path: Path) -> Problem:
        return Problem(id_, severity, message, hint, self.template.place(path), _dotted(path))


def inspect_template(template: TemplateText, names: Names, quotas: Quotas) -> Inspection:
    """Check a template that was read from a file, as it would be deployed for this config's account and region.

    A resource of a wrong shape has no quotas to check; the others have.
    """
    if template.body is None:
        return Inspection(template.problems, (("the template", "it can't be read"),))
    subject = _subject(template, template.body, names)
    misshapen = [*misshapen_parts(subject.body, subject.resolver)]
    without_shape = {str(step) for one in misshapen for step in one.path[1:2]}
    wrong = (subject.problem("template-shape", Severity.ERROR, one.message, "", one.path) for one in misshapen)
    documents, unresolved = _documents(subject, names)
    problems = (
        *template.problems,
        *wrong,
        *_limits(subject, without_shape, quotas),
        *documents,
        *_broad_policies(subject),
    )
    return Inspection(problems, (*_left_out(subject, without_shape), *unresolved))


def _subject(template: TemplateText, body: Mapping[str, Any], names: Names) -> _Subject:
    resources = body.get("Resources")
    if not isinstance(resources, Mapping):
        return _Subject(template, body, {}, Resolver({}, names.identity, names.stack))
    resolver = Resolver(resources, names.identity, names.stack, _defaults(body))
    parsed = with_parsed_documents(resources, resolver)
    return _Subject(template, {**body, "Resources": parsed}, parsed, resolver)


def _defaults(body: Mapping[str, Any]) -> dict[str, str]:
    """The template's parameters as they are when nobody states them."""
    parameters = body.get("Parameters", {})
    if not isinstance(parameters, Mapping):
        return {}
    return {
        name: str(one["Default"]) for name, one in parameters.items() if isinstance(one, Mapping) and "Default" in one
    }


def _limits(subject: _Subject, without_shape: set[str], quotas: Quotas) -> Iterator[Problem]:
    sound = {logical_id: one for logical_id, one in subject.resources.items() if logical_id not in without_shape}
    body = {**subject.body, "Resources": sound}
    for one in check_limits(body, subject.resolver, quotas) if sound else ():
        path = _limit_path(one.logical_id, one.path)
        yield subject.problem(one.id, one.severity, one.message, one.hint, path)


def _documents(subject: _Subject, names: Names) -> tuple[list[Problem], list[tuple[str, str]]]:
    problems: list[Problem] = []
    unresolved: list[tuple[str, str]] = []
    for place in policy_places(subject.resources):
        try:
            document = subject.resolver.resolve(place.raw)
        except UnresolvedError:
            unresolved.append((_dotted(place.path), "it depends on values that only AWS knows"))
            continue
        identity = names.identity
        context = Context(place.kind, identity.partition, identity.account_id, escalation_paths=escalation_paths())
        problems += (_finding(subject, one, place.path) for one in check_document(document, context))
    return problems, unresolved


def _finding(subject: _Subject, one: PolicyFinding, document: Path) -> Problem:
    found = subject.problem(one.id, one.severity, one.message, one.hint, (*document, *one.path))
    return replace(found, confidence=one.confidence)


def _broad_policies(subject: _Subject) -> Iterator[Problem]:
    for path, arn in attachments(subject.resources, subject.resolver):
        of_aws = _AWS_POLICY.fullmatch(arn)
        broad = broad_managed_policy(of_aws[1]) if of_aws else None
        if broad is not None:
            message = f"{broad.name} is wide: {broad.reason}"
            hint = "Attach a narrower policy."
            yield subject.problem("broad-managed-policy", Severity.WARNING, message, hint, path)


def _left_out(subject: _Subject, without_shape: set[str]) -> Iterator[tuple[str, str]]:
    yield from ((f"quotas of {logical_id}", "its shape is wrong") for logical_id in sorted(without_shape))
    for path in other_policies(subject.resources):
        yield _dotted(path), "it is the policy of a resource, not of IAM"


def _limit_path(logical_id: str, path: str) -> Path:
    if not logical_id:
        return ("Resources",)
    steps = [int(number) if number else name for name, number in _STEP.findall(path)]
    return ("Resources", logical_id, "Properties", *steps)


def _dotted(path: Path) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
