"""A config that would accept what was changed by hand: proposed, built and compared before it is shown.

drift + config -> edits, one difference after the other -> each kept if the config stays valid, the difference is gone
and no other has come -> the new text. Nothing is written.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sec_provisioner.config.editing import Edit, edited
from sec_provisioner.config.parse import parse_config
from sec_provisioner.iam.document import statement_values, without_sid
from sec_provisioner.live.accepting import InexpressibleError, edits_for, why_not
from sec_provisioner.live.changes import resolved_resources
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.drift import find_drift, same_statement
from sec_provisioner.live.findings import Difference, ResourceDrift
from sec_provisioner.pipeline import Built, check
from sec_provisioner.policies import INLINE_POLICY_NAME
from sec_provisioner.problem import Severity

_CONTEXT_LINES = 2
Place = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A difference that the config can't accept, and why."""

    resource: ResourceDrift
    difference: Difference
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A difference that the proposed config accepts."""

    resource: ResourceDrift
    difference: Difference


@dataclass(frozen=True)
class Proposal:
    """The proposed text; the same as before where nothing can be accepted."""

    before: str
    text: str
    accepted: tuple[Accepted, ...]
    refused: tuple[Refused, ...]

    def diff(self, file: str) -> str:
        """The change as a unified diff, which `patch` takes; empty where there is none."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.text.splitlines(keepends=True),
            f"a/{file}",
            f"b/{file}",
            n=_CONTEXT_LINES,
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def propose(text: str, built: Built, found: Iterable[ResourceDrift], live: LiveState) -> Proposal:
    """Propose the config that accepts as much as it can.

    Args:
        text: the config.
        built: the same, built.
        found: the drift of its stack.
        live: what the drift was found in.
    """
    state = _State(text, built, live)
    accepted: list[Accepted] = []
    refused: list[Refused] = []
    for resource, difference in _in_order(found):
        reason = state.accept(resource, difference)
        if reason:
            refused.append(Refused(resource, difference, reason))
        else:
            accepted.append(Accepted(resource, difference))
    return Proposal(text, state.text, tuple(accepted), tuple(refused))


def _in_order(found: Iterable[ResourceDrift]) -> Iterator[tuple[ResourceDrift, Difference]]:
    """The policy named as the config's own before others: what those say is put beside it."""
    every = [(one, each) for one in found for each in one.differences]
    yield from sorted(every, key=lambda pair: _is_other_inline(pair[1]))


def _is_other_inline(one: Difference) -> bool:
    return one.root() == "Policies" and one.item() != INLINE_POLICY_NAME


class _State:
    """The config as it is proposed so far."""

    def __init__(self, text: str, built: Built, live: LiveState) -> None:
        self.text = text
        self._built = built
        self._live = live

    def accept(self, resource: ResourceDrift, difference: Difference) -> str:
        """Take a difference into the config. Returns why that can't be, or nothing."""
        reason = why_not(resource, difference)
        if reason or self._has(self._built, resource, difference):
            return reason
        try:
            edits = edits_for(self._built, resource, difference)
        except InexpressibleError as error:
            return str(error)
        return self._try(edits, resource, difference)

    def _try(self, edits: tuple[Edit, ...], resource: ResourceDrift, difference: Difference) -> str:
        try:
            text = edited(self.text, edits)
        except (KeyError, IndexError):
            return "the config does not have it where it would have to be changed"
        checked = check(parse_config(text.encode(), ""))
        errors = [one for one in checked.problems if one.severity is Severity.ERROR and one.suppressed is None]
        if checked.built is None or errors:
            return f"the config would not be valid: {errors[0].message if errors else 'it could not be built'}"
        if not self._has(checked.built, resource, difference):
            return "the config can't say exactly this"
        new = self._places(checked.built) - self._places(self._built)
        new = {one for one in new if one[0] != resource.logical_id or one[1] != f"Policies[{INLINE_POLICY_NAME}]"}
        if new:
            others = sorted({f"{one[3]} ({one[1] or 'as a whole'})" for one in new})
            return f"it would change others as well: {', '.join(others)}"
        self.text, self._built = text, checked.built
        return ""

    def _has(self, built: Built, resource: ResourceDrift, difference: Difference) -> bool:
        """Whether a config says what is live, for one difference."""
        if _is_other_inline(difference) and difference.actual is not None:
            stated = _resources(built).get(resource.logical_id, {}).get("Properties", {}).get("Policies", [])
            return _says_all_of(stated, difference.actual)
        now = {(each[0], each[1], each[2]) for each in self._places(built)}
        kept = _value_of(difference) if difference.property == "ManagedPolicyArns" else ""
        wanted = (resource.logical_id, difference.property + kept, difference.kind)
        return wanted not in now

    def _places(self, built: Built) -> set[Place]:
        """Every difference between a config and what is live: logical id, property, kind, name."""
        found = find_drift(_resources(built), self._live, built.model.tags)
        return {
            (one.logical_id, _key(each), each.kind, one.name)
            for one in found
            for each in one.differences
            # Parameters come and go with what they publish.
            if not (one.type == "AWS::SSM::Parameter" and each.kind == "missing")
        }


def _key(one: Difference) -> str:
    return one.property + (_value_of(one) if one.property == "ManagedPolicyArns" else "")


def _value_of(one: Difference) -> str:
    return f"[{one.actual or one.expected}]"


def _resources(built: Built) -> Mapping[str, Mapping[str, Any]]:
    return resolved_resources(built.template.resources, built.resolver)


def _says_all_of(policies: Iterable[Mapping[str, Any]], document: Any) -> bool:
    """Whether each statement of a document, its Sid aside, stands in some of the policies."""
    stated = [without_sid(one) for policy in policies for one in statement_values(policy["PolicyDocument"])]
    return all(any(same_statement(without_sid(one), other) for other in stated) for one in statement_values(document))
