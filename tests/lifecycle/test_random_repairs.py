"""Edits by hand, made at random, are all set back by the next deploy, whatever else it changes.

On the way nobody gets what they neither had before nor have in the end: the account is looked at after every write.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sec_provisioner.aws.identity import fetch_account
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.drift import check_drift
from sec_provisioner.lifecycle.execute import execute
from sec_provisioner.lifecycle.prepare_change import prepared_change
from sec_provisioner.lifecycle.repair import Repairer
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.identity import LiveAccount, LiveGroup, LiveRole
from support.console_edits import FOREIGN, OTHER_FOREIGN, delete_group, document, some_edits, trust
from support.small_stack import client, deploy, deployment_from, run_here, small_config

BOUNDARY = "permissions_boundary: 'arn:aws:iam::aws:policy/PowerUserAccess'"
READERS = "edge-prod-b001-group-sta-readers"
WORKER = "edge-prod-b001-role-sta-worker"
OTHER_BOUNDARY = "permissions_boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess'"


def config(account_id: str) -> str:
    return small_config(account_id, deployment=BOUNDARY)


CHANGES: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "a narrower statement": lambda text: text.replace("sns:ListTopics", "sns:GetTopicAttributes"),
    "another level": lambda text: text.replace("{s3: level2}", "{s3: level1}"),
    "another boundary": lambda text: text.replace(BOUNDARY, OTHER_BOUNDARY),
    "no boundary": lambda text: text.replace(BOUNDARY, ""),
    "other tags and words": lambda text: text.replace("owner: security", "team: ml").replace("Works", "Works on"),
    "a group less and one more": lambda text: text.replace("readers", "writers"),
}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_all_edits_are_set_back_and_nobody_gets_anything_in_between(
    data: st.DataObject, local_aws: Any, accounts: itertools.count[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = str(next(accounts))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", account_id)
    before = deployment_from(config(account_id))
    deploy(before)
    iam, ssm = client("iam"), client("ssm")
    for edit in data.draw(some_edits(before.resolved(), most=8)):
        edit.apply(iam, ssm)
    change = CHANGES[data.draw(st.sampled_from(sorted(CHANGES)))]
    after = deployment_from(change(config(account_id)))
    watched = Watched(run_here())
    bring_about(watched.run, after)
    found = check_drift(run_here(), after.names).resources
    assert {one.status for one in found} == {"in_sync"}, found
    assert watched.surprises() == []


def rewrite_policy(iam: Any) -> None:
    (attached,) = iam.list_attached_role_policies(RoleName=WORKER)["AttachedPolicies"]
    arn = attached["PolicyArn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document("sqs:*"), SetAsDefault=True)


NARROWING: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a boundary narrows what a policy says that somebody rewrote": (rewrite_policy, "another boundary"),
    "a statement narrows what somebody took away": (
        lambda iam: iam.delete_group_policy(GroupName=READERS, PolicyName="permissions"),
        "a narrower statement",
    ),
    "a statement narrows what a deleted group had": (
        lambda iam: delete_group(iam, READERS),
        "a narrower statement",
    ),
    "a boundary narrows a role whose trust somebody changed": (
        lambda iam: iam.update_assume_role_policy(RoleName=WORKER, PolicyDocument=trust("ec2.amazonaws.com")),
        "another boundary",
    ),
}


@pytest.mark.parametrize("case", NARROWING)
def test_what_the_new_config_narrows_is_not_wide_for_a_moment(account_id: str, case: str) -> None:
    edit, change = NARROWING[case]
    deploy(deployment_from(config(account_id)))
    edit(client("iam"))
    watched = Watched(run_here())
    after = deployment_from(CHANGES[change](config(account_id)))
    bring_about(watched.run, after)
    assert watched.surprises() == []
    assert {one.status for one in check_drift(run_here(), after.names).resources} == {"in_sync"}


def bring_about(run: Run, deployment: Deployment) -> None:
    with prepared_change(run, deployment) as (connected, plan):
        assert not plan.blockers, plan.blockers
        repairer = Repairer(connected, plan.writes)
        repairer.before_update()
        if plan.change_set:
            assert execute(connected, plan).is_success
        repairer.after_update(is_updated=plan.change_set is not None)


# --- what everybody may do, at each moment ------------------------------------------------------------


@dataclass(frozen=True)
class Power:
    """One thing that one statement lets somebody do: who, who may become it, under which boundary, what, on what.

    Without a boundary the text is empty.
    """

    who: str
    way_in: str
    boundary: str
    condition: str
    action: str
    resource: str

    def covers(self, other: Power) -> bool:
        """Whether this lets at least the same be done; the other's patterns count as plain text."""
        return (
            (self.who, self.way_in) == (other.who, other.way_in)
            and self.condition in (text_of(None), other.condition)
            and self.boundary in ("", other.boundary)
            and like(self.action, other.action)
            and like(self.resource, other.resource)
        )


@dataclass
class Watched:
    """A run whose every write to IAM is followed by a look at the account."""

    run: Run
    seen: list[set[Power]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._look()
        self.run.aws.iam.meta.events.register("after-call.iam", self._after)

    def _after(self, model: Any, **_: Any) -> None:
        if not model.name.startswith(("Get", "List")):
            self._look()

    def _look(self) -> None:
        self.seen.append(set(powers(fetch_account(run_here().aws))))

    def surprises(self) -> list[tuple[int, Power]]:
        """What somebody had at some moment, and had neither at the start nor in the end."""
        self._look()
        known = self.seen[0] | self.seen[-1]
        new = ((moment, one) for moment, have in enumerate(self.seen) for one in have - known)
        return [(moment, one) for moment, one in new if not any(mine.covers(one) for mine in known)]


def powers(account: LiveAccount) -> Iterator[Power]:
    documents = {one.arn: one.document for one in account.policies}
    principals: tuple[LiveGroup | LiveRole, ...] = (*account.groups, *account.roles)
    for one in principals:
        attached = (WHOLE[arn] if arn in WHOLE else documents[arn] for arn in one.attached)
        for statement in (each for said in (*one.inline.values(), *attached) for each in allowing(said)):
            for way_in, action, resource in itertools.product(
                ways_into(one), listed(statement["Action"]), listed(statement["Resource"])
            ):
                boundary = (one.boundary or "") if isinstance(one, LiveRole) else ""
                yield Power(one.name, way_in, boundary, text_of(statement.get("Condition")), action, resource)


# Of AWS's own policies the content does not matter here: each is a power of its own.
WHOLE = {arn: {"Statement": [{"Effect": "Allow", "Action": arn, "Resource": "*"}]} for arn in (FOREIGN, OTHER_FOREIGN)}


def allowing(document: Mapping[str, Any]) -> list[Any]:
    return [one for one in listed(document["Statement"]) if one["Effect"] == "Allow"]


def ways_into(one: LiveGroup | LiveRole) -> list[str]:
    """Nobody assumes a group; who is in it does not change."""
    if isinstance(one, LiveGroup):
        return [""]
    return [
        f"{principal} {text_of(statement.get('Condition'))}"
        for statement in allowing(one.trust)
        for kind in statement["Principal"].values()
        for principal in listed(kind)
    ]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def text_of(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def like(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text, re.IGNORECASE) is not None
