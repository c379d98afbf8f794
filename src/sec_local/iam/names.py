"""What names, paths, descriptions and durations may look like.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sec_local.iam.wire import Answer, Check, Params, constraint, guard, parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = r"[\w+=,.@-]+"
_PATH = r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)"
_ROLE_TEXT = r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"


@dataclass(frozen=True)
class _Rule:
    """`longest` in characters; `pattern` as AWS publishes it, a full match."""

    longest: int
    pattern: str = ""
    shortest: int = 1

    def broken_by(self, value: str) -> str | None:
        """The constraint that `value` does not satisfy, in IAM's words."""
        if len(value) > self.longest:
            return f"Member must have length less than or equal to {self.longest}"
        if len(value) < self.shortest:
            return f"Member must have length greater than or equal to {self.shortest}"
        if self.pattern and not re.fullmatch(self.pattern, value, re.ASCII):
            return f"Member must satisfy regular expression pattern: {self.pattern}"
        return None


_RULES = {
    "RoleName": _Rule(64, _NAME),
    "UserName": _Rule(64, _NAME),
    "GroupName": _Rule(128, _NAME),
    "NewGroupName": _Rule(128, _NAME),
    "InstanceProfileName": _Rule(128, _NAME),
    "PolicyName": _Rule(128, _NAME),
    "Path": _Rule(512, _PATH),
    "NewPath": _Rule(512, _PATH),
    "PathPrefix": _Rule(512, r"\u002F[\u0021-\u007F]*"),
    "PolicyArn": _Rule(2048, shortest=20),
    "PermissionsBoundary": _Rule(2048, shortest=20),
}
# A role's description is limited to Latin-1 without control characters, a policy's only in length.
_DESCRIPTIONS = {"Role": _Rule(1000, _ROLE_TEXT, 0), "Policy": _Rule(1000, "", 0)}
_SESSION = (3600, 43200)


def install() -> None:
    """Guard every action that takes one of these parameters."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    guard(list(iam._IAM_HANDLERS), _check)  # noqa: SLF001 - its table of actions
    for action, rule in (("CreateRole", "Role"), ("UpdateRole", "Role"), ("CreatePolicy", "Policy")):
        guard((action,), _description_check(_DESCRIPTIONS[rule]))
    guard(("CreateRole", "UpdateRole"), _session_check)


def _check(params: Params) -> Answer | None:
    return _first_broken(params, _RULES.items())


def _description_check(rule: _Rule) -> Check:
    return lambda params: _first_broken(params, [("Description", rule)])


def _first_broken(params: Params, rules: Iterable[tuple[str, _Rule]]) -> Answer | None:
    for name, rule in rules:
        if name in params and (text := rule.broken_by(parameter(params, name))):
            return constraint(parameter(params, name), name, text)
    return None


def _session_check(params: Params) -> Answer | None:
    text = parameter(params, "MaxSessionDuration")
    if not text:
        return None
    shortest, longest = _SESSION
    if not text.isdigit() or int(text) < shortest:
        return constraint(text, "MaxSessionDuration", f"Member must have value greater than or equal to {shortest}")
    if int(text) > longest:
        return constraint(text, "MaxSessionDuration", f"Member must have value less than or equal to {longest}")
    return None
