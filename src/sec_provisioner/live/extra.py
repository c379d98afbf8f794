"""What bears this stack's names in the account and is in no template of it: made by hand, most likely.

    live state + the template's resources -> one ResourceDrift for each, `extra` or `not_checked` with the reason

Groups and policies carry no tags, and IAM names no region. So where the config's stack in another region may have made
one, that is said instead of guessed; what may be of a test stack is told by the suffixes that there are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.drift import NAMES
from sec_provisioner.live.findings import Difference, ResourceDrift, Unchecked
from sec_provisioner.live.identity import LiveGroup, LivePolicy, LiveRole
from sec_provisioner.live.ownership import STEM_TAG
from sec_provisioner.naming import Names
from sec_provisioner.problem import Severity

_STACK_TAG = "aws:cloudformation:stack-name"
_TEST_NAME = re.compile(r".+-[a-z0-9]{6}")
_IN_TEST_STACKS = frozenset({"AWS::IAM::Group", "AWS::IAM::ManagedPolicy"})


def find_extras(
    names: Names, resources: Mapping[str, Mapping[str, Any]], live: LiveState, test_suffixes: Collection[str] = ()
) -> tuple[ResourceDrift, ...]:
    """Groups, roles, managed policies and parameters with this stack's names or `stem` tag that it did not make.

    Args:
        names: of the stack; not of a test stack.
        resources: logical id -> resource of the deployed template, functions worked out as far as that goes.
        live: the account.
        test_suffixes: of the config's test stacks in this region; those that roles are tagged with are known anyway.
    """
    return tuple(_Search(names, resources, live, frozenset(test_suffixes)).found())


def are_named_like_a_tests(found: Iterable[ResourceDrift]) -> bool:
    """Whether one may be of a test stack whose suffix is not known: of one without any role, say."""
    return any(one.type in _IN_TEST_STACKS and _TEST_NAME.fullmatch(one.name.casefold()) for one in found)


@dataclass(frozen=True)
class _Search:
    names: Names
    resources: Mapping[str, Mapping[str, Any]]
    live: LiveState
    test_suffixes: frozenset[str]

    def found(self) -> Iterator[ResourceDrift]:
        account = self.live.account
        for group in self._strangers("AWS::IAM::Group", account.groups):
            yield from self._by_name("AWS::IAM::Group", group, tuple(_of_group(group, account.members_of(group.name))))
        for role in self._strangers("AWS::IAM::Role", account.roles):
            yield from self._role(role)
        for policy in self._strangers("AWS::IAM::ManagedPolicy", account.policies):
            holders = [one.name for one in account.principals if policy.arn in one.attached]
            notes = (f"attached to {', '.join(holders)}",) if holders else ("attached to nobody",)
            yield from self._by_name("AWS::IAM::ManagedPolicy", policy, notes)
        for one in self.live.parameters:
            if one.name.startswith(self.names.parameter_path) and one.name not in self._known["AWS::SSM::Parameter"]:
                yield _extra("AWS::SSM::Parameter", one.name, one.value if one.type != "SecureString" else one.name)

    def _strangers(self, kind: str, every: Iterable[Any]) -> Iterator[Any]:
        return (one for one in every if one.name.casefold() not in self._known[kind])

    @cached_property
    def _known(self) -> Mapping[str, frozenset[str]]:
        """Type -> the names that the template gives, folded but for parameters."""
        found: dict[str, set[str]] = {kind: set() for kind in NAMES}
        for one in self.resources.values():
            kind = str(one.get("Type", ""))
            name = one.get("Properties", {}).get(NAMES.get(kind, ""))
            if isinstance(name, str):
                found[kind].add(name if kind == "AWS::SSM::Parameter" else name.casefold())
        return {kind: frozenset(each) for kind, each in found.items()}

    @cached_property
    def _other_stems(self) -> frozenset[str]:
        """The stems that other roles with names of ours are tagged with: test stacks, other regions' stacks.

        Not the stack's own roles: another tag on one of them is drift of it, and says nothing of the others.
        """
        prefix = self.names.prefix("role").casefold()
        others = self._strangers("AWS::IAM::Role", self.live.account.roles)
        tags = (one.tags.get(STEM_TAG) for one in others if one.name.casefold().startswith(prefix))
        return frozenset(one for one in tags if one) - {self.names.stack_stem}

    @cached_property
    def _test_suffixes(self) -> frozenset[str]:
        before = f"{self.names.stem}-test-"
        tagged = (one.removeprefix(before) for one in self._other_stems if one.startswith(before))
        return self.test_suffixes.union(tagged)

    @cached_property
    def _other_regions(self) -> tuple[str, ...]:
        return tuple(sorted(one for one in self._other_stems if not one.startswith(f"{self.names.stem}-test-")))

    def _role(self, role: LiveRole) -> Iterator[ResourceDrift]:
        notes = tuple(_of_role(role))
        if role.tags.get(STEM_TAG) == self.names.stack_stem:
            yield _extra("AWS::IAM::Role", role.name, role.arn, (f"tagged `stem: {self.names.stack_stem}`", *notes))
        elif STEM_TAG not in role.tags and role.tags.get(_STACK_TAG, self.names.stack) == self.names.stack:
            yield from self._by_name("AWS::IAM::Role", role, notes)

    def _by_name(
        self, kind: str, one: LiveGroup | LiveRole | LivePolicy, notes: tuple[str, ...]
    ) -> Iterator[ResourceDrift]:
        name = one.name.casefold()
        if not name.startswith(self._prefixes[kind].casefold()) or name.rpartition("-")[2] in self._test_suffixes:
            return
        reason = self._doubt(one)
        if reason:
            yield ResourceDrift("", kind, one.name, "not_checked", (), (Unchecked("", reason),), notes)
        else:
            yield _extra(kind, one.name, one.arn, notes)

    @cached_property
    def _prefixes(self) -> Mapping[str, str]:
        return {
            "AWS::IAM::Group": self.names.prefix("group"),
            "AWS::IAM::Role": self.names.prefix("role"),
            "AWS::IAM::ManagedPolicy": self.names.prefix("policy"),
        }

    def _doubt(self, one: LiveGroup | LiveRole | LivePolicy) -> str:
        """Why it may be somebody else's who says so nowhere; a role of a stack of ours would carry its tag."""
        if isinstance(one, LiveRole):
            return ""
        if self._other_regions:
            return f"not of this stack; it may be of {' or '.join(self._other_regions)}, which shares its names"
        return ""


def _extra(kind: str, name: str, actual: str, notes: tuple[str, ...] = ()) -> ResourceDrift:
    severity = Severity.WARNING if kind == "AWS::SSM::Parameter" else Severity.ERROR
    return ResourceDrift("", kind, name, "extra", (Difference("", "extra", None, actual, severity),), notes=notes)


def _of_group(group: LiveGroup, members: tuple[str, ...]) -> Iterator[str]:
    yield from _granted(group)
    yield f"members: {', '.join(members)}" if members else "it has no members"


def _of_role(role: LiveRole) -> Iterator[str]:
    yield from _granted(role)
    if role.last_used:
        yield f"last used {role.last_used:%Y-%m-%d}"


def _granted(one: LiveGroup | LiveRole) -> Iterator[str]:
    if one.attached:
        yield f"attached: {', '.join(arn.rpartition('/')[2] for arn in one.attached)}"
    if one.inline:
        yield f"inline policies: {', '.join(one.inline)}"
