from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sec_provisioner.live.blockers import Stated, describe_obstacles, find_obstacles
from sec_provisioner.live.identity import LiveAccount, LiveGroup, LivePolicy, LiveRole, LiveUser
from sec_provisioner.live.stack import StackResource
from sec_provisioner.problem import Severity

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ARN = "arn:aws:iam::1:policy/own"
OWN = (
    StackResource("P", "AWS::IAM::ManagedPolicy", ARN, "CREATE_COMPLETE"),
    StackResource("G", "AWS::IAM::Group", "readers", "CREATE_COMPLETE"),
    StackResource("R", "AWS::IAM::Role", "worker", "CREATE_COMPLETE"),
)
POLICY = LivePolicy("own", ARN)
GROUP = LiveGroup("readers", "arn:aws:iam::1:group/readers", attached=(ARN,))
ROLE = LiveRole("worker", "arn:aws:iam::1:role/worker", attached=(ARN,))
STATED = {"G": Stated(attached=frozenset({ARN})), "R": Stated(attached=frozenset({ARN}))}


def test_a_stack_that_nobody_touched_has_nothing_in_the_way() -> None:
    account = LiveAccount((GROUP,), (ROLE,), (LiveUser("anna", "a"),), (POLICY,))
    found = find_obstacles(OWN, account, STATED, NOW)
    assert describe_obstacles(found) == ()


def test_everything_that_stands_in_the_way_is_found() -> None:
    account = LiveAccount(
        groups=(
            LiveGroup("readers", "g", inline={"extra": {}}, attached=(ARN, "arn:other")),
            LiveGroup("foreign", "f", attached=(ARN,)),
        ),
        roles=(
            LiveRole("worker", "r", attached=(ARN,), last_used=NOW - timedelta(days=2), instance_profiles=("box",)),
            LiveRole("capped", "c", boundary=ARN),
        ),
        users=(LiveUser("anna", "a", groups=("readers",)), LiveUser("bob", "b", attached=(ARN,), boundary=ARN)),
        policies=(LivePolicy("own", ARN, other_versions=("v1", "v2")),),
    )
    found = find_obstacles(OWN, account, STATED, NOW)
    assert found.members == {"readers": ("anna",)}
    assert [(one.principal, one.policy, one.document) for one in found.extras] == [
        ("readers", "extra", {}),
        ("readers", "arn:other", None),
    ]
    assert found.versions == {ARN: ("v1", "v2")}
    assert [(one.kind, one.name, one.use) for one in found.foreign] == [
        ("group", "foreign", "attached"),
        ("role", "capped", "boundary"),
        ("user", "bob", "attached"),
        ("user", "bob", "boundary"),
        ("instance profile", "box", "member"),
    ]
    assert list(found.used_lately) == ["worker"]


def test_only_what_is_foreign_blocks_and_only_until_it_is_named() -> None:
    account = LiveAccount((GROUP,), (ROLE,), (LiveUser("bob", "b", groups=("readers",), attached=(ARN,)),), (POLICY,))
    found = find_obstacles(OWN, account, STATED, NOW)
    by_level = {one.id: one.severity for one in describe_obstacles(found)}
    assert by_level == {"foreign-use": Severity.ERROR, "group-has-members": Severity.WARNING}
    assert all(one.severity is Severity.WARNING for one in describe_obstacles(found, {"bob"}))


def test_a_role_used_long_ago_hurts_nobody() -> None:
    account = LiveAccount(roles=(LiveRole("worker", "r", last_used=NOW - timedelta(days=90)),))
    assert find_obstacles(OWN, account, STATED, NOW).used_lately == {}


def test_what_a_stack_never_made_or_has_lost_is_not_its_own() -> None:
    gone = (StackResource("G", "AWS::IAM::Group", "readers", "DELETE_COMPLETE"),)
    account = LiveAccount((GROUP,), users=(LiveUser("anna", "a", groups=("readers",)),))
    assert find_obstacles(gone, account, {}, NOW).members == {}


def test_what_stays_of_the_stack_lets_go_by_itself_of_what_is_removed() -> None:
    going, *staying = OWN
    account = LiveAccount((GROUP,), (ROLE,), (), (POLICY,))
    assert find_obstacles([going], account, STATED, NOW, staying).foreign == ()
    assert [one.name for one in find_obstacles([going], account, STATED, NOW).foreign] == ["readers", "worker"]


def test_a_role_with_the_name_of_an_own_group_is_foreign_all_the_same() -> None:
    namesake = LiveRole("readers", "r", attached=(ARN,))
    account = LiveAccount((GROUP,), (ROLE, namesake), (LiveUser("worker", "w", attached=(ARN,)),), (POLICY,))
    foreign = find_obstacles(OWN, account, STATED, NOW).foreign
    assert [(one.kind, one.name) for one in foreign] == [("role", "readers"), ("user", "worker")]
