"""A template from a file -> what is wrong with it: shape, quotas, and its policy documents.

The same quota and IAM checks that a config goes through, with places in the template instead of the config.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sec_provisioner.iam.checks import Context, PolicyKind, check_document
from sec_provisioner.naming import Names
from sec_provisioner.problem import Problem, Severity
from sec_provisioner.template.functions import Resolver, UnresolvedError
from sec_provisioner.template.limits import Quotas, check_limits
from sec_provisioner.template.reading import Path, TemplateText
from sec_provisioner.template.shape import misshapen_parts

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_HOLDERS = ("AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User")
_DOCUMENT_TYPES = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy")


@dataclass(frozen=True)
class PolicyPlace:
    """A policy document in a template and where it is."""

    path: Path
    kind: PolicyKind
    raw: Any


@dataclass(frozen=True)
class Inspection:
    """What was found; `unresolved` lists documents that depend on what only AWS knows."""

    problems: tuple[Problem, ...]
    unresolved: tuple[str, ...] = ()


def inspect_template(template: TemplateText, names: Names, quotas: Quotas) -> Inspection:
    """Check a template that was read from a file, as it would be deployed for this config's account and region."""
    body = template.body
    if body is None:
        return Inspection(template.problems)
    resources = body.get("Resources")
    known = resources if isinstance(resources, Mapping) else {}
    resolver = Resolver(known, names.identity, names.stack, _defaults(body))
    wrong = [
        _problem(template, "template-shape", Severity.ERROR, one.message, "", one.path)
        for one in misshapen_parts(body, resolver)
    ]
    if wrong:
        return Inspection((*template.problems, *wrong))
    limits = (
        _problem(template, one.id, one.severity, one.message, one.hint, _limit_path(one.logical_id, one.path))
        for one in check_limits(body, resolver, quotas)
    )
    documents, unresolved = _documents(template, known, resolver, names)
    return Inspection((*template.problems, *limits, *documents), unresolved)


def _defaults(body: Mapping[str, Any]) -> dict[str, str]:
    """The template's parameters as they are when nobody states them."""
    parameters = body.get("Parameters", {})
    if not isinstance(parameters, Mapping):
        return {}
    return {
        name: str(one["Default"]) for name, one in parameters.items() if isinstance(one, Mapping) and "Default" in one
    }


def _documents(
    template: TemplateText, resources: Mapping[str, Any], resolver: Resolver, names: Names
) -> tuple[list[Problem], tuple[str, ...]]:
    problems: list[Problem] = []
    unresolved: list[str] = []
    for place in _policy_places(resources):
        try:
            document = resolver.resolve(place.raw)
        except UnresolvedError:
            unresolved.append(_dotted(place.path))
            continue
        context = Context(place.kind, names.identity.partition, names.identity.account_id)
        problems += (
            _problem(template, one.id, one.severity, one.message, one.hint, (*place.path, *one.path))
            for one in check_document(document, context)
        )
    return problems, tuple(unresolved)


def _policy_places(resources: Mapping[str, Any]) -> Iterator[PolicyPlace]:
    for logical_id, resource in resources.items():
        path: Path = ("Resources", logical_id, "Properties")
        properties = resource.get("Properties", {})
        if resource["Type"] in _DOCUMENT_TYPES and "PolicyDocument" in properties:
            yield PolicyPlace((*path, "PolicyDocument"), PolicyKind.IDENTITY, properties["PolicyDocument"])
        if resource["Type"] in _HOLDERS:
            yield from _inline_places(path, properties.get("Policies", []))
        if resource["Type"] == "AWS::IAM::Role" and "AssumeRolePolicyDocument" in properties:
            trust = properties["AssumeRolePolicyDocument"]
            yield PolicyPlace((*path, "AssumeRolePolicyDocument"), PolicyKind.TRUST, trust)


def _inline_places(path: Path, policies: Any) -> Iterator[PolicyPlace]:
    for index, policy in enumerate(policies if isinstance(policies, list) else []):
        if isinstance(policy, Mapping) and "PolicyDocument" in policy:
            place: Path = (*path, "Policies", index, "PolicyDocument")
            yield PolicyPlace(place, PolicyKind.IDENTITY, policy["PolicyDocument"])


def _problem(  # noqa: PLR0913, PLR0917 - a problem's own fields
    template: TemplateText, id_: str, severity: Severity, message: str, hint: str, path: Path
) -> Problem:
    return Problem(id_, severity, message, hint, template.place(path), _dotted(path))


def _limit_path(logical_id: str, path: str) -> Path:
    if not logical_id:
        return ("Resources",)
    steps = [int(number) if number else name for name, number in _STEP.findall(path)]
    return ("Resources", logical_id, "Properties", *steps)


def _dotted(path: Path) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
