"""Findings that the config accepts, each with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sec_provisioner.config import paths
from sec_provisioner.config.model import Suppression
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.nodes import Document
from sec_provisioner.problem import Problem, Severity


def apply_suppressions(
    findings: Iterable[Problem], suppressions: Iterable[Suppression], document: Document
) -> tuple[Problem, ...]:
    """Mark what is accepted, and report each suppression that accepts nothing.

    Args:
        findings: All IAM findings of the config and nothing else: what breaks the schema or a quota is never
            accepted, so it must not come here.
        suppressions: The config's list.
        document: Where the list stands.

    Returns:
        The findings, those that are accepted with their reason; then the suppressions that match none.
    """
    found, accepted = tuple(findings), tuple(suppressions)
    marked = (_marked(finding, accepted) for finding in found)
    return (*marked, *_unmatched(accepted, found, document))


def _marked(finding: Problem, suppressions: tuple[Suppression, ...]) -> Problem:
    reason = next((one.reason for one in suppressions if _accepts(one, finding)), None)
    return finding if reason is None else replace(finding, suppressed=reason)


def _accepts(suppression: Suppression, finding: Problem) -> bool:
    return suppression.id == finding.id and paths.is_within(finding.path, suppression.on)


def _unmatched(
    suppressions: tuple[Suppression, ...], findings: tuple[Problem, ...], document: Document
) -> Iterator[Problem]:
    for index, one in enumerate(suppressions):
        if any(_accepts(one, finding) for finding in findings):
            continue
        path = paths.item("suppressions", index)
        message = f"no finding `{one.id}` at `{one.on}`: this accepts nothing"
        where = document.nearest_location(path)
        hint = _instead(one, findings)
        yield Problem("unmatched-suppression", Severity.WARNING, message, hint, where, path)


def _instead(suppression: Suppression, findings: tuple[Problem, ...]) -> str:
    """Where the finding does stand, or what is found at that place."""
    elsewhere = sorted({one.path for one in findings if one.id == suppression.id})
    if elsewhere:
        return f"It is found at {', '.join(f'`{path}`' for path in elsewhere[:3])}."
    here = {one.id for one in findings if paths.is_within(one.path, suppression.on)}
    if here:
        return suggestion(suppression.id, here, "Found there")
    return "Delete it. Only IAM findings can be accepted, not errors of the config or quotas."
