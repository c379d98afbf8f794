"""Rules of fact: AWS knows the actions, they take the resources, their requests carry the condition keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from support.iam_facts import matching, overlap
from support.level_files import LevelFile, filled, partitions_of
from support.level_statements import NEED_NOT_HOLD, granted


def actions_exist(level: LevelFile) -> Iterator[str]:
    """Every action pattern matches something in the reference data."""
    for one in level.statements:
        yield from (f"{one['Sid']}: no action {pattern}" for pattern in one["Action"] if not matching(pattern))


def resources_fit(level: LevelFile) -> Iterator[str]:
    """Each resource suits an action of its statement and each action a resource, in every partition that has it."""
    for partition in partitions_of(level.raw["service"]):
        for one in level.statements:
            resources = [filled(text, partition) for text in one["Resource"]]
            for pattern in one["Action"]:
                if not any(action.accepts(text) for action in matching(pattern) for text in resources):
                    yield f"{one['Sid']}: {pattern} takes none of its resources ({partition})"
            for text in resources:
                if not any(action.accepts(text) for action in granted(one)):
                    yield f"{one['Sid']}: nothing takes {text} ({partition})"


def types_are_spelled_out(level: LevelFile) -> Iterator[str]:
    """No wildcard stands in the place of a resource type.

    AWS says that none is allowed there ("incorrect wildcard usage"), and there are evaluators that match none.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    for one in level.statements:
        for resource in map(filled, one["Resource"]):
            taken = [arn for action in granted(one) for arn in action.arns if overlap(resource, arn)]
            is_typed = any("*" not in _head(arn) for arn in taken)
            if is_typed and resource.split(":", 5)[-1] != "*" and re.search(r"[*?]", _head(resource)):
                yield f"{one['Sid']}: {resource} has a wildcard in its type"


def _head(arn: str) -> str:
    """What stands before the first `/` or `:` of an ARN's resource: its type, where the service has types."""
    return re.split(r"[/:]", arn.split(":", 5)[-1], maxsplit=1)[0]


def conditions_can_hold(level: LevelFile) -> Iterator[str]:
    """A condition key can be in the request of every action that needs it to be, of some where it is ruled out."""
    for one in level.statements:
        resources = [filled(text) for text in one["Resource"]]
        for operator, keys in one.get("Condition", {}).items():
            enough = any if NEED_NOT_HOLD.search(operator) else all
            for key in filter(_is_tied_to_action, keys):
                known = {text: _may_carry(text, key, resources) for text in one["Action"]}
                if not enough(known.values()):
                    unknown = sorted(text for text, is_known in known.items() if not is_known)
                    yield f"{one['Sid']}: {key} is never there for {', '.join(unknown)}"


def _may_carry(pattern: str, key: str, resources: list[str]) -> bool:
    return any(action.knows_key(key, resources) for action in matching(pattern))


def _is_tied_to_action(key: str) -> bool:
    """Whether only some requests carry a key: a service's own, and the ones of tags."""
    return not key.lower().startswith("aws:") or bool(re.match(r"aws:(requesttag|resourcetag|tagkeys)", key.lower()))
