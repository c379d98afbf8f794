"""Two templates and an account -> what is set back, in which order; no AWS in sight."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sec_provisioner.live.deployed import LiveParameter, LiveState, RoleSettings
from sec_provisioner.live.findings import Difference
from sec_provisioner.live.identity import LiveAccount, LiveGroup, LivePolicy, LiveRole, LiveUser
from sec_provisioner.live.repair import Repair, Stated, find_repair
from sec_provisioner.live.writes import Moment, Write, find_removals, plan_writes

ARN = "arn:aws:iam::123456789012"
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
LEVEL = f"{ARN}:policy/level"


def document(*actions: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": list(actions), "Resource": "*"}]}


def trust(*services: str) -> dict[str, Any]:
    statements = [{"Effect": "Allow", "Principal": {"Service": one}, "Action": "sts:AssumeRole"} for one in services]
    return {"Version": "2012-10-17", "Statement": statements}


READ, WIDE = document("s3:GetObject"), document("s3:*")
LAMBDA = trust("lambda.amazonaws.com")
GROUP: dict[str, Any] = {
    "GroupName": "readers",
    "ManagedPolicyArns": [LEVEL],
    "Policies": [{"PolicyName": "permissions", "PolicyDocument": READ}],
}
ROLE: dict[str, Any] = {
    "RoleName": "worker",
    "AssumeRolePolicyDocument": LAMBDA,
    "PermissionsBoundary": AUDIT,
    "MaxSessionDuration": 7200,
}
POLICY: dict[str, Any] = {"ManagedPolicyName": "level", "PolicyDocument": READ}
PARAMETER = {"Name": "/security/x/a", "Type": "String", "Value": "v"}
LIVE_GROUP = LiveGroup("readers", f"{ARN}:group/readers", inline={"permissions": READ}, attached=(LEVEL,))
LIVE_ROLE = LiveRole("worker", f"{ARN}:role/worker", trust=LAMBDA, boundary=AUDIT, tags={"stem": "x"})
LIVE_POLICY = LivePolicy("level", LEVEL, document=READ)
TAGS = {"stem": "x"}


def stated(**properties: dict[str, Any] | None) -> Stated:
    """The template, with some properties of its resources otherwise; None leaves a resource out."""
    every = {"Group": GROUP, "Role": ROLE, "Policy": POLICY, "Parameter": PARAMETER, **properties}
    types = {
        "Group": "AWS::IAM::Group",
        "Role": "AWS::IAM::Role",
        "Policy": "AWS::IAM::ManagedPolicy",
        "Parameter": "AWS::SSM::Parameter",
    }
    return Stated({key: {"Type": types[key], "Properties": one} for key, one in every.items() if one}, TAGS, ARN)


def account(  # noqa: PLR0913 - each a part of the account, all by name
    *,
    group: LiveGroup | None = LIVE_GROUP,
    role: LiveRole | None = LIVE_ROLE,
    policy: LivePolicy | None = LIVE_POLICY,
    seconds: int = 7200,
    value: str | None = "v",
    users: tuple[LiveUser, ...] = (),
) -> LiveState:
    live = LiveAccount(
        groups=(group,) if group else (),
        roles=(role,) if role else (),
        users=users,
        policies=(policy,) if policy else (),
    )
    parameters = () if value is None else (LiveParameter("/security/x/a", "String", value),)
    return LiveState(live, {"worker": RoleSettings("", seconds)} if role else {}, parameters)


def with_inline(permissions: dict[str, Any]) -> dict[str, Any]:
    return {**GROUP, "Policies": [{"PolicyName": "permissions", "PolicyDocument": permissions}]}


def set_back(repair: Repair) -> list[tuple[str, str, str]]:
    return [(one.logical_id, each.property, each.kind) for one in repair.restores for each in one.differences]


def written(live: LiveState, new: Stated | None = None) -> list[Write]:
    after = new or stated()
    return list(plan_writes(find_repair(stated(), after, live).restores, stated(), after, live))


# --- where both templates agree, and where not --------------------------------------------------------


def test_an_account_as_deployed_needs_no_repair() -> None:
    assert find_repair(stated(), stated(), account()) == Repair()
    assert find_repair(stated(), stated(Policy={**POLICY, "PolicyDocument": WIDE}), account()) == Repair()


def test_where_the_templates_agree_the_value_is_set_back() -> None:
    live = account(group=replace(LIVE_GROUP, inline={"permissions": WIDE, "more": WIDE}, attached=(AUDIT,)))
    repair = find_repair(stated(), stated(Policy={**POLICY, "PolicyDocument": WIDE}), live)
    assert set_back(repair) == [
        ("Group", "ManagedPolicyArns", "missing"),
        ("Group", "ManagedPolicyArns", "extra"),
        ("Group", "Policies[permissions]", "changed"),
        ("Group", "Policies[more]", "extra"),
    ]


def test_where_they_differ_the_update_writes_it_and_that_is_said() -> None:
    narrower = stated(
        Group={**GROUP, "Policies": [{"PolicyName": "permissions", "PolicyDocument": document("s3:Get")}]}
    )
    repair = find_repair(stated(), narrower, account(group=replace(LIVE_GROUP, inline={})))
    assert set_back(repair) == []
    assert [(one.logical_id, one.differences[0].property) for one in repair.overwrites] == [
        ("Group", "Policies[permissions]")
    ]


def test_what_somebody_has_done_already_is_left_to_the_update() -> None:
    wider = stated(Policy={**POLICY, "PolicyDocument": WIDE})
    repair = find_repair(stated(), wider, account(policy=replace(LIVE_POLICY, document=WIDE)))
    assert repair == Repair()


def test_what_the_update_removes_or_replaces_is_not_made_again() -> None:
    for new in (stated(Role=None), stated(Role={**ROLE, "RoleName": "worker-2"})):
        assert find_repair(stated(), new, account(role=None)) == Repair()


def test_extra_policies_of_what_the_update_removes_go_first() -> None:
    live = account(role=replace(LIVE_ROLE, inline={"more": document("s3:*", effect="Deny")}, boundary=None))
    assert set_back(find_repair(stated(), stated(Role=None), live)) == [("Role", "Policies[more]", "extra")]
    assert [one.moment for one in written(live, stated(Role=None))] == [Moment.TAKE]


def test_further_versions_of_a_policy_that_the_update_removes_go_first() -> None:
    live = account(policy=replace(LIVE_POLICY, other_versions=("v1",), other_documents={"v1": WIDE}))
    assert find_repair(stated(), stated(), live) == Repair()
    repair = find_repair(stated(), stated(Policy=None), live)
    assert set_back(repair) == [("Policy", "Versions[v1]", "extra")]
    assert [(one.policy, one.document) for one in find_removals(repair.restores, live)] == [("v1", WIDE)]
    assert [(one.name, one.moment) for one in written(live, stated(Policy=None))] == [(LEVEL, Moment.TAKE)]


def test_a_boundary_that_the_update_takes_off_must_be_there_for_it() -> None:
    unbound = stated(Role={key: value for key, value in ROLE.items() if key != "PermissionsBoundary"})
    lost = account(role=replace(LIVE_ROLE, boundary=None))
    assert [(one.difference.expected, one.moment) for one in written(lost, unbound)] == [(AUDIT, Moment.TAKE)]
    (made,) = written(account(role=None), unbound)
    assert made.properties["PermissionsBoundary"] == AUDIT


def test_nothing_is_taken_from_others_but_they_are_named() -> None:
    anna = LiveUser("anna", f"{ARN}:user/anna", attached=(LEVEL,))
    repair = find_repair(stated(), stated(), account(users=(anna,)))
    assert repair.restores == ()
    assert "anna" in repair.foreign[0]


@pytest.mark.parametrize("otherwise", [replace(LIVE_ROLE, path="/elsewhere/"), replace(LIVE_ROLE, name="Worker")])
def test_a_role_made_anew_elsewhere_blocks(otherwise: LiveRole) -> None:
    repair = find_repair(stated(), stated(), account(role=otherwise))
    assert [one.id for one in repair.blockers] == ["made-anew-otherwise"]


# --- what is missing ----------------------------------------------------------------------------------


def test_what_is_missing_is_made_in_its_new_form_bare_and_given_its_policies_last() -> None:
    new = stated(Group=with_inline(document("s3:Get")))
    live = account(group=None, role=None, policy=None, value=None)
    writes = written(live, new)
    made = [one for one in writes if one.moment is Moment.MAKE]
    assert [one.name for one in made] == [LEVEL, "worker", "readers", "/security/x/a"]
    assert all(one.properties["Tags"] == TAGS for one in made)
    assert made[1].properties["PermissionsBoundary"] == AUDIT
    given = [(one.difference.property, one.difference.expected) for one in writes if one.moment is Moment.GIVE]
    assert given == [("Policies[permissions]", document("s3:Get")), ("ManagedPolicyArns", LEVEL)]


# --- the order ----------------------------------------------------------------------------------------

MOMENTS: dict[str, tuple[LiveState, Moment]] = {
    "an extra inline policy": (
        account(group=replace(LIVE_GROUP, inline={"permissions": READ, "x": WIDE})),
        Moment.TAKE,
    ),
    "an extra policy that only denies": (
        account(group=replace(LIVE_GROUP, inline={"permissions": READ, "x": document("s3:*", effect="Deny")})),
        Moment.GIVE,
    ),
    "an extra attachment": (account(group=replace(LIVE_GROUP, attached=(LEVEL, AUDIT))), Moment.TAKE),
    "a missing attachment": (account(group=replace(LIVE_GROUP, attached=())), Moment.GIVE),
    "a missing inline policy": (account(group=replace(LIVE_GROUP, inline={})), Moment.GIVE),
    "a policy that somebody widened": (account(policy=replace(LIVE_POLICY, document=WIDE)), Moment.TAKE),
    "a policy that somebody narrowed": (
        account(policy=replace(LIVE_POLICY, document={"Version": "2012-10-17", "Statement": []})),
        Moment.GIVE,
    ),
    "a boundary lost": (account(role=replace(LIVE_ROLE, boundary=None)), Moment.TAKE),
    "another boundary": (account(role=replace(LIVE_ROLE, boundary=LEVEL)), Moment.GIVE),
    "a trust that lets more in": (
        account(role=replace(LIVE_ROLE, trust=trust("lambda.amazonaws.com", "ec2.amazonaws.com"))),
        Moment.TAKE,
    ),
    "a longer session": (account(seconds=43_200), Moment.TAKE),
    "a shorter session": (account(seconds=3_600), Moment.GIVE),
    "a value": (account(value="w"), Moment.TAKE),
}


@pytest.mark.parametrize("case", MOMENTS)
def test_what_takes_away_comes_before_the_update_and_what_gives_after_it(case: str) -> None:
    live, moment = MOMENTS[case]
    assert [one.moment for one in written(live)] == [moment]


def test_another_boundary_is_right_before_anything_is_given() -> None:
    live = account(role=replace(LIVE_ROLE, boundary=LEVEL), group=replace(LIVE_GROUP, inline={}), seconds=3_600)
    assert [one.difference.property for one in written(live)] == [
        "PermissionsBoundary",
        "MaxSessionDuration",
        "Policies[permissions]",
    ]


def test_a_boundary_that_somebody_added_comes_off_after_the_update() -> None:
    unbound = stated(Role={key: value for key, value in ROLE.items() if key != "PermissionsBoundary"})
    live = account()
    (off,) = plan_writes(find_repair(unbound, unbound, live).restores, unbound, unbound, live)
    assert (off.difference.kind, off.moment) == ("extra", Moment.GIVE)


def test_the_boundary_is_right_before_anything_else_of_a_role_is_written() -> None:
    live = account(role=replace(LIVE_ROLE, boundary=None, inline={"x": WIDE}, trust=trust("ec2.amazonaws.com")))
    assert [(one.difference.property, one.moment) for one in written(live)] == [
        ("PermissionsBoundary", Moment.TAKE),
        ("Policies[x]", Moment.TAKE),
        ("AssumeRolePolicyDocument", Moment.TAKE),
        ("AssumeRolePolicyDocument", Moment.GIVE),
    ]


def test_what_says_something_else_first_says_what_is_common_to_both() -> None:
    live = account(
        policy=replace(LIVE_POLICY, document=document("s3:Get*", "sns:Publish"), other_versions=tuple("2345"))
    )
    after = stated(Policy={**POLICY, "PolicyDocument": document("s3:GetObject", "s3:ListBucket")})
    first, second = plan_writes(find_repair(after, after, live).restores, after, after, live)
    common = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:getobject"], "Resource": ["*"]}],
    }
    assert (first.moment, first.difference.expected, first.drops) == (Moment.TAKE, common, ("2", "3"))
    assert (second.moment, second.difference.actual, second.drops) == (Moment.GIVE, common, ())


def test_where_nothing_is_common_there_is_nothing_in_between() -> None:
    other = document("x:Y")
    live = account(
        group=replace(LIVE_GROUP, inline={"permissions": other}),
        role=replace(LIVE_ROLE, trust=trust("ec2.amazonaws.com")),
        policy=replace(LIVE_POLICY, document=other),
    )
    between = {one.difference.property: one.difference.expected for one in written(live) if one.moment is Moment.TAKE}
    assert between.pop("Policies[permissions]") is None
    assert {one["Statement"][0]["Effect"] for one in between.values()} == {"Deny"}


# --- what goes ----------------------------------------------------------------------------------------


def test_what_goes_is_kept_with_its_content() -> None:
    full = replace(
        LIVE_POLICY,
        document=WIDE,
        default_version="v12",
        other_versions=("v11", "v10", "v9", "v2"),
        other_documents={"v2": READ},
    )
    live = account(group=replace(LIVE_GROUP, inline={"permissions": READ, "x": WIDE}), policy=full)
    repair = find_repair(stated(), stated(), live)
    assert [(one.kind, one.principal, one.policy, one.document) for one in find_removals(repair.restores, live)] == [
        ("group", "readers", "x", WIDE),
        ("policy", "level", "v2", READ),
    ]
    (write,) = [one for one in written(live) if one.type == "AWS::IAM::ManagedPolicy"]
    assert (write.name, write.drops) == (LEVEL, ("v2",))


def test_what_is_written_names_the_policy_that_is_attached() -> None:
    one = Write("AWS::IAM::Group", "readers", Difference("ManagedPolicyArns", "missing", LEVEL, None), Moment.GIVE)
    assert one.subject == f"the Group readers: ManagedPolicyArns[{LEVEL.rsplit('/', 1)[1]}]"


def test_a_group_that_is_spelt_otherwise_is_renamed_and_keeps_its_members() -> None:
    renamed = account(group=replace(LIVE_GROUP, name="Readers"))
    (blocker,) = find_repair(stated(), stated(), renamed).blockers
    assert blocker.hint.startswith(
        "Call it as it was: aws iam update-group --group-name Readers --new-group-name readers;"
    )
