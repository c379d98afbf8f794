"""What was found of drift -> entries of results, each difference with the line of the config that it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sec_provisioner.actions.base import Context
from sec_provisioner.config import paths
from sec_provisioner.iam.document import as_list
from sec_provisioner.live.drift import same_statement
from sec_provisioner.live.findings import Difference, ResourceDrift
from sec_provisioner.live.trail import Author
from sec_provisioner.problem import Severity
from sec_provisioner.report.drift_results import (
    AuthorEntry,
    ConfigPlace,
    DifferenceEntry,
    DriftEntry,
    NotCheckedEntry,
)

FindAuthor = Callable[[ResourceDrift, Difference], Author | None]
FindMembers = Callable[[ResourceDrift], tuple[str, ...] | None]

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def _nobody(*_: object) -> None:
    """Where nobody asked."""


def drift_entries(
    ctx: Context,
    resources: Iterable[ResourceDrift],
    find_author: FindAuthor = _nobody,
    find_members: FindMembers = _nobody,
) -> tuple[DriftEntry, ...]:
    """The resources as check-drift reports them; the context's config is the one they were made from."""
    return tuple(_entry(ctx, one, find_author, find_members) for one in resources)


def _entry(ctx: Context, one: ResourceDrift, find_author: FindAuthor, find_members: FindMembers) -> DriftEntry:
    return DriftEntry(
        logical_id=one.logical_id,
        type=one.type,
        name=one.name,
        status=one.status,
        differences=tuple(
            _difference(each, _place(ctx, one.logical_id, each), find_author(one, each))
            for each in sorted(one.differences, key=lambda each: _RANK[each.severity])
        ),
        not_checked=tuple(NotCheckedEntry(each.property, each.reason) for each in one.not_checked),
        notes=one.notes,
        members=find_members(one),
    )


def _difference(one: Difference, place: ConfigPlace | None, author: Author | None) -> DifferenceEntry:
    return DifferenceEntry(
        property=one.property,
        kind=one.kind,
        expected=one.expected,
        actual=one.actual,
        severity=one.severity.value,
        config=place,
        by=_author(author) if author else None,
        by_unknown=author.reason if author and not author.event else None,
    )


def _author(author: Author) -> AuthorEntry | None:
    event = author.event
    if event is None:
        return None
    return AuthorEntry(event.user, event.name, f"{event.time:%Y-%m-%dT%H:%M:%SZ}", event.source_ip, event.id)


# --- where the config has it ----------------------------------------------------------------------------


def _place(ctx: Context, logical_id: str, difference: Difference) -> ConfigPlace | None:
    """Where the config still has it: the property's own line, or that of the nearest part around it."""
    template, document = ctx.built.template, ctx.parsed.document
    if document is None or logical_id not in template.resources:
        return None
    source = template.source(logical_id, _template_path(ctx, logical_id, difference))
    if not source:
        return None
    if difference.root() == "Tags":
        source = paths.child(source, difference.item())
    found = document.nearest_location(source)
    return ConfigPlace(found.file, found.line)


def _template_path(ctx: Context, logical_id: str, difference: Difference) -> str:
    """The template's path of a property: attached policies and statements stand in it by position."""
    root = difference.root()
    properties = ctx.built.template.resources[logical_id]["Properties"]
    if root not in ("ManagedPolicyArns", "Policies"):
        return root
    stated = ctx.built.resolver.resolve(properties.get(root, []))
    if root == "Policies":
        return _statement_path(stated, difference)
    return f"{root}[{stated.index(difference.expected)}]" if difference.expected in stated else root


def _statement_path(policies: list[Any], difference: Difference) -> str:
    """The first statement that is not there any more as it was deployed; the policies as such where all are."""
    stated = next((one["PolicyDocument"] for one in policies if one["PolicyName"] == difference.item()), None)
    if stated is None:
        return "Policies"
    now = as_list((difference.actual or {}).get("Statement", []))
    for index, one in enumerate(as_list(stated["Statement"])):
        if not any(same_statement(one, other) for other in now):
            return f"Policies[0].PolicyDocument.Statement[{index}]"
    return "Policies"
