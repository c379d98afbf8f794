"""Needs of some actions + scopes of a config -> the policy document of whoever runs them.

The policy confines names, not power: who may write these groups and policies is in effect an administrator. It is
the policy for this config as it is: what a rollback of an older config's deployment attaches, it may not allow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sec_provisioner.operator_policy.needs import CLOUDTRAIL, TRAIL_NEED, Need, acting, needs_of
from sec_provisioner.operator_policy.scopes import Reach, Scopes
from sec_provisioner.pipeline import Built

Json = dict[str, Any]


def build_operator_policy(built: Built, actions: Collection[str] = (), extras: Collection[str] = ()) -> Json:
    """The policy document.

    Args:
        built: what the config makes.
        actions: those actions of the tool that it shall be enough for (`acting()` has them); all of them by default.
        extras: of `EXTRAS`.

    Returns:
        An identity policy, its statements in the order of `NEEDS`, their actions in alphabetical order.
    """
    scopes = Scopes(built)
    wanted = (*needs_of(frozenset(actions) or acting()), *((TRAIL_NEED,) if CLOUDTRAIL in extras else ()))
    drafts: dict[str, _Draft] = {}
    for need in wanted:
        reach = scopes.reach(need.scope)
        if reach.resources and _applies(need, scopes):
            drafts.setdefault(reach.sid, _Draft(reach.condition)).add(need, reach)
    return {"Version": "2012-10-17", "Statement": [one.value(sid) for sid, one in drafts.items()]}


def _applies(need: Need, scopes: Scopes) -> bool:
    if need.is_delegable and scopes.service_role is not None:
        return False
    return need.with_boundary is None or need.with_boundary == (scopes.boundary is not None)


@dataclass
class _Draft:
    """A statement while its parts are gathered."""

    condition: Mapping[str, Any]
    permissions: set[str] = field(default_factory=set)
    resources: dict[str, None] = field(default_factory=dict)

    def add(self, need: Need, reach: Reach) -> None:
        self.permissions.update(need.permissions)
        self.resources.update(dict.fromkeys(reach.resources))

    def value(self, sid: str) -> Json:
        actions, resources = sorted(self.permissions), list(self.resources)
        body: Json = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
        return {**body, "Condition": dict(self.condition)} if self.condition else body
