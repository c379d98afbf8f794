"""What bears the stack's names and is not of it: found, and nobody else's thing is taken for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sec_provisioner.live.deployed import LiveParameter, LiveState
from sec_provisioner.live.extra import are_named_like_a_tests, find_extras
from sec_provisioner.live.findings import ResourceDrift
from sec_provisioner.live.identity import LiveAccount, LiveGroup, LivePolicy, LiveRole, LiveUser
from sec_provisioner.naming import Identity, Names

ARN = "arn:aws:iam::123456789012"
NAMES = Names(Identity("edge", "prod", "b001", "us-west-1", "medium", "123456789012"))
GROUP, ROLE, POLICY = (f"edge-prod-b001-{kind}-med-" for kind in ("group", "role", "policy"))
RESOURCES: dict[str, Any] = {
    "Group": {"Type": "AWS::IAM::Group", "Properties": {"GroupName": f"{GROUP}readers"}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": f"{ROLE}worker"}},
    "Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": f"{POLICY}s3-all"}},
    "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": NAMES.parameter("group", "readers")}},
}


def group(name: str, **more: Any) -> LiveGroup:
    return LiveGroup(name, f"{ARN}:group/{name}", **more)


def role(name: str, **tags: str) -> LiveRole:
    return LiveRole(name, f"{ARN}:role/{name}", tags=tags)


def policy(name: str) -> LivePolicy:
    return LivePolicy(name, f"{ARN}:policy/{name}")


OWN = LiveAccount(
    (group(f"{GROUP}readers"),), (role(f"{ROLE}worker", stem=NAMES.stem),), (), (policy(f"{POLICY}s3-all"),)
)


def extras(
    parameters: tuple[str, ...] = (), test_suffixes: tuple[str, ...] = (), **account: Any
) -> list[ResourceDrift]:
    more = {kind: (*getattr(OWN, kind), *found) for kind, found in account.items()}
    values = tuple(LiveParameter(name, "String", "v") for name in parameters)
    return list(find_extras(NAMES, RESOURCES, LiveState(replace(OWN, **more), parameters=values), test_suffixes))


def statuses(found: list[ResourceDrift]) -> dict[str, str]:
    return {one.name: one.status for one in found}


def test_a_stack_by_itself_has_no_extras() -> None:
    assert extras(parameters=(NAMES.parameter("group", "readers"),)) == []


def test_what_was_made_by_hand_with_the_stacks_names_is_extra_and_says_what_it_grants() -> None:
    hackers = group(f"{GROUP}hackers", attached=("arn:aws:iam::aws:policy/AdministratorAccess",), inline={"x": {}})
    eve = LiveUser("eve", f"{ARN}:user/eve", groups=(hackers.name,), attached=(f"{ARN}:policy/{POLICY}mine",))
    found = extras(
        groups=[hackers],
        roles=[role(f"{ROLE}back-door")],
        policies=[policy(f"{POLICY}mine")],
        users=[eve],
        parameters=(NAMES.parameter("group", "hackers"), f"{NAMES.parameter_path}deep/er"),
    )
    assert set(statuses(found).values()) == {"extra"}
    assert [one.name for one in found] == [
        f"{GROUP}hackers",
        f"{ROLE}back-door",
        f"{POLICY}mine",
        NAMES.parameter("group", "hackers"),
        f"{NAMES.parameter_path}deep/er",
    ]
    assert found[0].notes == ("attached: AdministratorAccess", "inline policies: x", "members: eve")
    assert found[2].notes == ("attached to eve",)
    assert [(each.kind, each.severity) for one in found for each in one.differences] == [
        *[("extra", "error")] * 3,
        *[("extra", "warning")] * 2,
    ]


def test_a_role_that_bears_the_stacks_tag_is_extra_whatever_its_name() -> None:
    assert statuses(extras(roles=[role("whatever", stem=NAMES.stem)])) == {"whatever": "extra"}


def test_letter_case_hides_nothing() -> None:
    assert statuses(extras(groups=[group(f"{GROUP}hackers".upper())])) == {f"{GROUP}hackers".upper(): "extra"}


def test_other_tenants_tiers_and_stacks_are_left_alone() -> None:
    others = ["edge-prod-b001-group-ent-readers", "edge-prod-b002-group-med-readers", "admins"]
    made = role(f"{ROLE}x", **{"aws:cloudformation:stack-name": "their-stack"})
    assert extras(groups=map(group, others), roles=[made], parameters=("/security/else/x",)) == []


def test_a_test_stack_with_a_role_is_known_by_the_roles_tag() -> None:
    tagged = role(f"{ROLE}worker-abc123", stem=f"{NAMES.stem}-test-abc123")
    assert extras(groups=[group(f"{GROUP}readers-abc123")], roles=[tagged]) == []


def test_a_test_stack_without_a_role_is_known_by_its_suffix() -> None:
    groups = [group(f"{GROUP}readers-abc123"), group(f"{GROUP}no-longer-here-abc123")]
    assert extras(groups=groups, test_suffixes=("abc123",)) == []


def test_what_is_named_like_a_tests_and_of_no_test_stack_is_extra() -> None:
    found = extras(groups=[group(f"{GROUP}readers-abc123")], test_suffixes=("abc124",))
    assert statuses(found) == {f"{GROUP}readers-abc123": "extra"}
    assert are_named_like_a_tests(found)
    assert not are_named_like_a_tests(extras(groups=[group(f"{GROUP}hackers")]))


def test_a_stem_tag_changed_by_hand_on_an_own_role_casts_no_doubt_on_the_rest() -> None:
    drifted = replace(OWN, roles=(role(f"{ROLE}worker", stem="other"),), groups=(*OWN.groups, group(f"{GROUP}x")))
    assert statuses(list(find_extras(NAMES, RESOURCES, LiveState(drifted)))) == {f"{GROUP}x": "extra"}


def test_another_regions_stack_shares_the_names_so_groups_are_not_judged() -> None:
    other = "edge-prod-b001-eu-west-1-medium-sec"
    found = extras(groups=[group(f"{GROUP}qa")], roles=[role(f"{ROLE}qa", stem=other), role(f"{ROLE}mine")])
    assert statuses(found) == {f"{GROUP}qa": "not_checked", f"{ROLE}mine": "extra"}
    assert other in found[0].not_checked[0].reason
