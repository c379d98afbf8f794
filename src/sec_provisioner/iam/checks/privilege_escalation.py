"""`privilege-escalation`: known ways to more rights than those that a document seems to give.

A way is open to whoever may do all of its actions. IAM's own count on any resource but the caller's own user, and so
does all that makes compute with a role that is passed. The others count on everything of their kind alone: who may
change compute that is named acts as its role, which is what was asked for.
https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from sec_provisioner.iam.checks.acceptance import readable_resources
from sec_provisioner.iam.checks.base import ONLY_IDENTITY, Check, Context, Finding
from sec_provisioner.iam.checks.everything import EVERY_ACTION, is_on_everything
from sec_provisioner.iam.checks.passed_services import passed_services
from sec_provisioner.iam.document import Document, Effect, Selection, Statement
from sec_provisioner.iam.escalation import PASS_ROLE, EscalationPath
from sec_provisioner.iam.pattern import Pattern, action_matches
from sec_provisioner.iam.within import has_all
from sec_provisioner.problem import Confidence, Severity

# One way and, for each of its actions, a statement that gives it.
_Way = tuple[EscalationPath, list[Statement]]

_SHOWN = 4
# `*`, `role/*`, `function:*`, `stack/*/*`: nothing but a kind and wildcards.
_WHOLE_KIND = re.compile(r"(?:[a-z-]+[:/])?[*?]+(?:[:/][*?]+)*")
# These lead to somebody else's rights; on the caller's own user they are self-service.
_OF_OTHERS = frozenset(
    {"iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"}
)
_CALLER = "${aws:"
# What may be attached, or to whom, is limited to what the condition names.
_LIMITING_KEYS = frozenset({"iam:policyarn", "iam:permissionsboundary"})


def _find(document: Document, context: Context) -> Iterator[Finding]:
    every = [*context.beside, *document.statements]
    found: dict[int, list[_Way]] = {}
    for way in _shortest(list(_open_ways(every, context))):
        last = max(map(every.index, way[1])) - len(context.beside)
        # What is open without this document is not its doing.
        if last >= 0:
            found.setdefault(document.statements[last].index, []).append(way)
    for index, ways in sorted(found.items()):
        yield _finding(index, ways)


def _shortest(ways: list[_Way]) -> Iterator[_Way]:
    """Without those that take all the actions of another and more."""
    actions = [set(path.actions) for path, _ in ways]
    return (way for way, mine in zip(ways, actions, strict=True) if not any(one < mine for one in actions))


def _open_ways(statements: list[Statement], context: Context) -> Iterator[_Way]:
    names = _all_actions(context.escalation_paths)
    denied = [one for one in statements if one.effect is Effect.DENY and not one.conditions]
    allowed = [one for one in statements if one.effect is Effect.ALLOW and not _is_everything(one)]
    # Few statements name any of these actions, so that most ways are closed at once.
    named = frozenset().union(*(_meant(one.action, names) for one in allowed))
    for path in context.escalation_paths:
        if named.issuperset(path.actions):
            givers = [_giver(action, path, allowed, denied, context) for action in path.actions]
            if None not in givers:
                yield path, [one for one in givers if one]


def _is_everything(statement: Statement) -> bool:
    """Every action on every resource is a finding of its own, `star-on-star`."""
    is_every = not statement.action.negated and not set(EVERY_ACTION).isdisjoint(statement.action.patterns)
    return is_every and is_on_everything(statement)


@lru_cache(maxsize=4)
def _all_actions(paths: tuple[EscalationPath, ...]) -> frozenset[str]:
    return frozenset(action for path in paths for action in path.actions)


@lru_cache(maxsize=4_096)
def _meant(selection: Selection, names: frozenset[str]) -> frozenset[str]:
    """Which of the actions a statement is about."""
    matching = frozenset(name for name in names if any(action_matches(one, name) for one in selection.patterns))
    return names - matching if selection.negated else matching


# --- which statement gives an action of a way -------------------------------------------------------------


def _giver(
    action: str, path: EscalationPath, allowed: list[Statement], denied: list[Statement], context: Context
) -> Statement | None:
    """The first statement that gives the action, in so far as the way takes it."""
    asked = frozenset({action})
    for one in allowed:
        if not _meant(one.action, asked) or any(_denies(deny, asked, one) for deny in denied):
            continue
        if _is_wide_enough(one, action, path, context) and _conditions_let(one, action, path):
            return one
    return None


def _denies(deny: Statement, asked: frozenset[str], one: Statement) -> bool:
    return bool(_meant(deny.action, asked)) and has_all(deny.resource, one.resource)


def _is_wide_enough(statement: Statement, action: str, path: EscalationPath, context: Context) -> bool:
    if statement.resource is None or statement.resource.negated:
        return statement.resource is not None
    known = context.reference.action(action)
    anywhere = PASS_ROLE in path.actions or action.startswith("iam:")
    return any(
        (anywhere or _is_whole_kind(text))
        and not (action in _OF_OTHERS and _CALLER in text)
        and (known is None or known.accepts(resource))
        for _, text, resource in readable_resources(statement)
    )


def _is_whole_kind(resource: str) -> bool:
    return _WHOLE_KIND.fullmatch(resource.split(":", 5)[-1]) is not None


def _conditions_let(statement: Statement, action: str, path: EscalationPath) -> bool:
    if not _LIMITING_KEYS.isdisjoint(condition.key.lower() for condition in statement.conditions):
        return False
    services = passed_services(statement) if action == PASS_ROLE else ()
    return not services or any(Pattern.parse(one).matches(path.service or "") for one in services)


# --- what is said ---------------------------------------------------------------------------------------


def _finding(index: int, ways: list[_Way]) -> Finding:
    shown = [_described(path) for path, _ in ways[:_SHOWN]]
    more = [f"{len(ways) - _SHOWN} more"] if len(ways) > _SHOWN else []
    message = f"The statement opens ways to more rights than it names: {'; '.join([*shown, *more])}."
    hint = (
        "Name in Resource what the work needs, leave actions out, or accept it under suppressions with a reason. "
        "https://pathfinding.cloud explains each way."
    )
    confidence = Confidence.HIGH if any(map(_is_plain, ways)) else Confidence.MEDIUM
    return Finding(("Statement", index), message, hint, confidence)


def _described(path: EscalationPath) -> str:
    means = path.means[0].lower() + path.means[1:].rstrip(".")
    return f"{' with '.join(path.actions)} ({path.id}: {means})"


def _is_plain(way: _Way) -> bool:
    """Whether nothing narrows it: neither a condition nor a resource by name."""
    return all(
        not one.conditions and any(_is_whole_kind(text) for _, text, _ in readable_resources(one)) for one in way[1]
    )


CHECK = Check("privilege-escalation", Severity.WARNING, _find, kinds=ONLY_IDENTITY)
