"""What was found of drift -> entries of results, each difference with the line of the config that it is about."""

from __future__ import annotations

from collections.abc import Iterable

from sec_provisioner.actions.base import Context
from sec_provisioner.live.findings import Difference, ResourceDrift
from sec_provisioner.problem import Severity
from sec_provisioner.report.drift_results import ConfigPlace, DifferenceEntry, DriftEntry, NotCheckedEntry

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def drift_entries(ctx: Context, resources: Iterable[ResourceDrift]) -> tuple[DriftEntry, ...]:
    """The resources as check-drift reports them; the context's config is the one they were made from."""
    return tuple(_entry(ctx, one) for one in resources)


def _entry(ctx: Context, one: ResourceDrift) -> DriftEntry:
    return DriftEntry(
        logical_id=one.logical_id,
        type=one.type,
        name=one.name,
        status=one.status,
        differences=tuple(
            DifferenceEntry(
                each.property,
                each.kind,
                each.expected,
                each.actual,
                each.severity.value,
                _place(ctx, one.logical_id, each),
            )
            for each in sorted(one.differences, key=lambda each: _RANK[each.severity])
        ),
        not_checked=tuple(NotCheckedEntry(each.property, each.reason) for each in one.not_checked),
        notes=one.notes,
    )


def _place(ctx: Context, logical_id: str, difference: Difference) -> ConfigPlace | None:
    """Where the config still has it: the property's own line, or that of the nearest part around it."""
    template, document = ctx.built.template, ctx.parsed.document
    if document is None or logical_id not in template.resources:
        return None
    source = template.source(logical_id, _template_path(ctx, logical_id, difference))
    if not source:
        return None
    found = document.nearest_location(source)
    return ConfigPlace(found.file, found.line)


def _template_path(ctx: Context, logical_id: str, difference: Difference) -> str:
    """Attached policies stand in the template by position."""
    if difference.property != "ManagedPolicyArns" or difference.expected is None:
        return difference.property
    properties = ctx.built.template.resources[logical_id]["Properties"]
    attached = ctx.built.resolver.resolve(properties.get("ManagedPolicyArns", []))
    if difference.expected not in attached:
        return difference.property
    return f"ManagedPolicyArns[{attached.index(difference.expected)}]"
