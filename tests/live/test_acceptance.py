"""Drift -> the change of the config that accepts it: valid, exact, and nothing else changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from sec_provisioner.config.parse import parse_config
from sec_provisioner.live.acceptance import Proposal, propose
from sec_provisioner.live.deployed import LiveState, RoleSettings
from sec_provisioner.live.drift import find_drift
from sec_provisioner.live.extra import find_extras
from sec_provisioner.live.identity import LiveAccount, LiveGroup
from sec_provisioner.pipeline import Built, check
from support.live_states import live_as_deployed, resources_of

TEXT = """\
tier: {name: startup, version: startup-5}
client: {company_name: Edge, company_prefix: edge, tenant_id: b001, account_id: "123456789012"}
environment: {env: prod, region: us-west-1}
tags: {owner: security, cost: ml}
security_profiles:
  startup:
    enabled_groups: [analysts, readers]
    enabled_service_roles: [worker]
    enabled_assumable_roles: [helper, mirror]
    enabled_cross_account_roles: [pipeline]
security:
  iam_groups:
    # people who look at numbers
    analysts:
      description: Analysts
      managed_policies:
        - SecurityAudit   # agreed with the auditors
        - job-function/ViewOnlyAccess
      policy_assignments: {s3: level2}
      assumable_roles: [helper, mirror]
      statements:
        - {Sid: Topics, Effect: Allow, Action: ["sns:ListTopics"], Resource: "*"}
        - Sid: Queues
          Effect: Allow
          Action: ["sqs:ListQueues"]
          Resource: "*"
    # people who read
    readers:
      description: Readers
      policy_assignments: {s3: level1}
  service_roles:
    worker: {description: Works, service: lambda.amazonaws.com, policy_assignments: {s3: level1}}
  assumable_roles:
    helper: {description: Helps, max_session_duration: 3600, policy_assignments: {s3: level1}}
    mirror: {description: As analysts, mirrors_group: analysts}
  cross_account_roles:
    pipeline:
      description: From the pipeline
      trusted_account: "210987654321"
      external_id: do-not-show-this
      policy_assignments: {s3: level1}
"""
PROJECT = "edge-prod-b001"
ANALYSTS, READERS = f"{PROJECT}-group-sta-analysts", f"{PROJECT}-group-sta-readers"
WORKER, HELPER, MIRROR, PIPELINE = (f"{PROJECT}-role-sta-{one}" for one in ("worker", "helper", "mirror", "pipeline"))
AWS = "arn:aws:iam::aws:policy"
OWN = f"arn:aws:iam::123456789012:policy/{PROJECT}-policy-sta"
BOUNDARY = "arn:aws:iam::123456789012:policy/cap"


def built_from(text: str) -> Built:
    checked = check(parse_config(text.encode(), "x.yaml"))
    assert checked.built is not None, checked.problems
    return checked.built


BUILT = built_from(TEXT)
AS_DEPLOYED = live_as_deployed(BUILT)

Change = Callable[[Any], Mapping[str, Any]]


def changed(
    group: str = "", role: str = "", settings: RoleSettings | None = None, change: Change | None = None
) -> LiveState:
    """The account with some fields of one group, or of one role (`*`: of all), set otherwise."""

    def altered(one: Any, name: str) -> Any:
        return replace(one, **change(one)) if change and name in (one.name, "*") else one

    account = replace(
        AS_DEPLOYED.account,
        groups=tuple(altered(one, group) for one in AS_DEPLOYED.account.groups),
        roles=tuple(altered(one, role) for one in AS_DEPLOYED.account.roles),
    )
    told = {**AS_DEPLOYED.settings, **({role: settings} if settings else {})}
    return replace(AS_DEPLOYED, account=account, settings=told)


def proposal(live: LiveState) -> Proposal:
    found = (one.with_outside() for one in find_drift(resources_of(BUILT), live, BUILT.model.tags))
    return propose(TEXT, BUILT, (*found, *find_extras(BUILT.names, resources_of(BUILT), live)), live)


def attached(*arns: str) -> Change:
    return lambda one: {"attached": (*one.attached, *arns)}


def detached(*arns: str) -> Change:
    return lambda one: {"attached": tuple(arn for arn in one.attached if arn not in arns)}


def inline(edit: Callable[[list[Any]], list[Any]]) -> Change:
    def change(one: Any) -> Mapping[str, Any]:
        own = one.inline.get("permissions", {"Version": "2012-10-17", "Statement": []})
        statements = edit(list(own["Statement"]))
        return {"inline": {"permissions": {**own, "Statement": statements}} if statements else {}}

    return change


def trust(**more: Any) -> Change:
    def change(one: Any) -> Mapping[str, Any]:
        (statement,) = one.trust["Statement"]
        return {"trust": {**one.trust, "Statement": [{**statement, **more}]}}

    return change


NEW = {
    "Sid": "New",
    "Effect": "Allow",
    "Action": "sns:Publish",
    "Resource": f"arn:aws:sns:us-west-1:123456789012:{PROJECT}-x",
}
WIDER = {"Sid": "Topics", "Effect": "Allow", "Action": ["sns:ListTopics", "sns:ListSubscriptions"], "Resource": "*"}
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}

ACCEPTED: dict[str, tuple[LiveState, list[str]]] = {
    "a policy of AWS attached": (
        changed(group=READERS, change=attached(f"{AWS}/job-function/Billing")),
        ["+      managed_policies:", "+        - job-function/Billing"],
    ),
    "a policy of AWS detached from the group and its mirror": (
        replace(
            changed(group=ANALYSTS, change=detached(f"{AWS}/SecurityAudit")),
            account=replace(
                changed(group=ANALYSTS, change=detached(f"{AWS}/SecurityAudit")).account,
                roles=changed(role=MIRROR, change=detached(f"{AWS}/SecurityAudit")).account.roles,
            ),
        ),
        ["-        - SecurityAudit   # agreed with the auditors"],
    ),
    "a level's policy detached": (
        changed(role=HELPER, change=detached(f"{OWN}-s3-read-only")),
        [
            "-    helper: {description: Helps, max_session_duration: 3600, policy_assignments: {s3: level1}}",
            "+    helper: {description: Helps, max_session_duration: 3600, policy_assignments: {}}",
        ],
    ),
    "a statement added": (
        changed(role=HELPER, change=inline(lambda now: [*now, NEW])),
        [],
    ),
    "a session made longer": (
        changed(role=HELPER, settings=RoleSettings("Helps", 7200)),
        [
            "-    helper: {description: Helps, max_session_duration: 3600, policy_assignments: {s3: level1}}",
            "+    helper: {description: Helps, max_session_duration: 7200, policy_assignments: {s3: level1}}",
        ],
    ),
    "another description": (changed(role=PIPELINE, settings=RoleSettings("By hand", 3600)), [
        "-      description: From the pipeline", "+      description: By hand"]),
    "another service": (changed(role=WORKER, change=trust(Principal={"Service": "glue.amazonaws.com"})), []),
    "MFA demanded": (changed(role=HELPER, change=trust(Condition=MFA)), []),
    "another account trusted": (
        changed(role=PIPELINE, change=trust(Principal={"AWS": "arn:aws:iam::111122223333:root"})),
        ['-      trusted_account: "210987654321"', '+      trusted_account: "111122223333"'],
    ),
    "a boundary on all roles": (changed(role="*", change=lambda _: {"boundary": BOUNDARY}), []),
    "a tag on all roles": (changed(role="*", change=lambda one: {"tags": {**one.tags, "note": "x"}}), []),
    "a tag changed on all roles": (
        changed(role="*", change=lambda one: {"tags": {**one.tags, "owner": "me"}}),
        ["-tags: {owner: security, cost: ml}", "+tags: {owner: me, cost: ml}"],
    ),
    "a group that is gone": (
        replace(AS_DEPLOYED, account=replace(AS_DEPLOYED.account, groups=AS_DEPLOYED.account.groups[:1])),
        ["-    enabled_groups: [analysts, readers]", "+    enabled_groups: [analysts]"],
    ),
}  # fmt: skip


def lines_of(found: Proposal) -> list[str]:
    return [line for line in found.diff("x.yaml").splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_the_config_has_a_word_for_is_accepted_exactly(case: str) -> None:
    live, lines = ACCEPTED[case]
    found = proposal(live)
    assert found.refused == ()
    assert found.accepted
    again = built_from(found.text)
    drift = find_drift(resources_of(again), live, again.model.tags)
    assert [one.differences for one in drift if one.differences] == []
    if lines:
        assert lines_of(found) == lines


def both(change: Change) -> LiveState:
    """The same done to a group and to the role that mirrors it."""
    group, role = changed(group=ANALYSTS, change=change), changed(role=MIRROR, change=change)
    return replace(group, account=replace(group.account, roles=role.account.roles))


STATEMENTS: dict[str, tuple[Change, list[str]]] = {
    "changed": (
        inline(lambda now: [WIDER if one["Sid"] == "Topics" else one for one in now]),
        [
            '-        - {Sid: Topics, Effect: Allow, Action: ["sns:ListTopics"], Resource: "*"}',
            '+        - {Sid: Topics, Effect: Allow, Action: [sns:ListTopics, sns:ListSubscriptions], Resource: "*"}',
        ],
    ),
    "removed": (
        inline(lambda now: [one for one in now if one["Sid"] != "Topics"]),
        ['-        - {Sid: Topics, Effect: Allow, Action: ["sns:ListTopics"], Resource: "*"}'],
    ),
    "added": (
        inline(lambda now: [*now, NEW]),
        [
            "+        - Sid: New",
            "+          Effect: Allow",
            "+          Action: sns:Publish",
            "+          Resource: arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Project}-x",
        ],
    ),
}


@pytest.mark.parametrize("case", STATEMENTS)
def test_own_statements_are_taken_over_with_the_configs_placeholders(case: str) -> None:
    change, lines = STATEMENTS[case]
    live = both(change)
    found = proposal(live)
    assert found.refused == ()
    again = built_from(found.text)
    assert [one for one in find_drift(resources_of(again), live, again.model.tags) if one.differences] == []
    assert [line.replace("'", '"') for line in lines_of(found)] == lines


def test_a_policy_added_beside_the_own_one_is_said_by_own_statements() -> None:
    more = {"Version": "2012-10-17", "Statement": [{**NEW, "Sid": "Topics"}]}
    live = changed(group=READERS, change=lambda one: {"inline": {**one.inline, "more": more}})
    found = proposal(live)
    assert found.refused == ()
    (policy,) = resources_of(built_from(found.text))["GroupReaders"]["Properties"]["Policies"]
    assert [one["Action"] for one in policy["PolicyDocument"]["Statement"]] == ["sns:Publish"]


HACKERS = LiveGroup(f"{PROJECT}-group-sta-hackers", "arn:aws:iam::123456789012:group/hackers")
REFUSED: dict[str, tuple[LiveState, str]] = {
    "a policy of AWS on the mirror alone": (
        changed(role=MIRROR, change=attached(f"{AWS}/job-function/Billing")),
        "it would change others as well",
    ),
    "a policy of the account": (changed(group=READERS, change=attached(BOUNDARY)), "no others"),
    "a generated statement": (
        changed(group=ANALYSTS, change=inline(lambda now: [one for one in now if one["Sid"] != "AssumeRoles"])),
        "the statement AssumeRoles follows from",
    ),
    "a service role's session": (changed(role=WORKER, settings=RoleSettings("Works", 7200)), "session duration"),
    "a tag on one role": (
        changed(role=WORKER, change=lambda one: {"tags": {**one.tags, "note": "x"}}),
        "it would change others as well",
    ),
    "a tag of the tool's own": (
        changed(role="*", change=lambda one: {"tags": {**one.tags, "stem": "x"}}),
        "is set by the product",
    ),
    "another external id": (
        changed(role=PIPELINE, change=trust(Condition={"StringEquals": {"sts:ExternalId": "other-secret"}})),
        "an external id is a secret",
    ),
    "trust of everybody": (changed(role=WORKER, change=trust(Principal="*")), "no word for such a trust"),
    "a path": (changed(group=READERS, change=lambda _: {"path": "/x/"}), "no word for paths"),
    "a group made by hand": (
        replace(AS_DEPLOYED, account=replace(AS_DEPLOYED.account, groups=(*AS_DEPLOYED.account.groups, HACKERS))),
        "refuses a name that is there already",
    ),
    "a parameter": (replace(AS_DEPLOYED, parameters=AS_DEPLOYED.parameters[1:]), "parameters follow"),
    "a session that the config's limits forbid": (
        changed(role=HELPER, settings=RoleSettings("Helps", 60)),
        "would not be valid",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_it_has_no_word_for_is_refused_with_the_reason_and_nothing_is_proposed(case: str) -> None:
    live, reason = REFUSED[case]
    found = proposal(live)
    assert found.accepted == ()
    assert found.refused
    assert all(reason in one.reason for one in found.refused), found.refused
    assert found.diff("x.yaml") == ""


def test_no_drift_is_no_proposal() -> None:
    found = proposal(AS_DEPLOYED)
    assert (found.accepted, found.refused, found.diff("x.yaml")) == ((), (), "")
    assert AS_DEPLOYED.account != LiveAccount()


def test_in_the_roles_based_model_a_groups_role_is_changed_by_the_group() -> None:
    text = TEXT.replace("tags: {", "deployment: {security_model: roles-based}\ntags: {", 1)
    of = built_from(text)
    as_deployed = live_as_deployed(of)
    role = f"{PROJECT}-role-sta-readers"
    attach = attached(f"{AWS}/SecurityAudit")

    def proposed(kind: str, name: str) -> Proposal:
        every = getattr(as_deployed.account, kind)
        edited = tuple(replace(one, **attach(one)) if one.name == name else one for one in every)
        live = replace(as_deployed, account=replace(as_deployed.account, **{kind: edited}))
        return propose(text, of, find_drift(resources_of(of), live, of.model.tags), live)

    assert lines_of(proposed("roles", role)) == ["+      managed_policies:", "+        - SecurityAudit"]
    (refused,) = proposed("groups", READERS).refused
    assert "only the right to assume its role" in refused.reason
