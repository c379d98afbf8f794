"""IAM's Simulate calls: who may do what, asked without doing it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from support.stack_samples import document, statement, trust

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

API = "https://docs.aws.amazon.com/IAM/latest/APIReference"
OBJECT = "arn:aws:s3:::bucket/ann/x"


@pytest.fixture
def iam(aws: LocalAccount) -> Any:
    return aws.client("iam")


def text(*statements: dict[str, Any]) -> str:
    return json.dumps(document(*statements))


def decisions(answer: Any) -> list[str]:
    return [one["EvalDecision"] for one in answer["EvaluationResults"]]


def entry(key: str, *values: str, kind: str = "string") -> dict[str, Any]:
    return {"ContextKeyName": key, "ContextKeyValues": list(values), "ContextKeyType": kind}


@pytest.mark.aws(
    f"{API}/API_SimulatePrincipalPolicy.html", behaviour="a user is simulated with the policies of its groups"
)
def test_a_users_own_attached_and_group_policies_are_asked(aws: LocalAccount, iam: Any) -> None:
    user = iam.create_user(UserName="ann", Tags=[{"Key": "team", "Value": "red"}])["User"]["Arn"]
    iam.create_group(GroupName="readers")
    iam.add_user_to_group(GroupName="readers", UserName="ann")
    own = statement("s3:GetObject", "arn:aws:s3:::bucket/${aws:username}/*")
    iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=text(own))
    tagged = statement("sqs:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})
    iam.put_group_policy(GroupName="readers", PolicyName="group", PolicyDocument=text(tagged))
    iam.attach_user_policy(UserName="ann", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    answer = iam.simulate_principal_policy(
        PolicySourceArn=user,
        ActionNames=["s3:GetObject", "sqs:SendMessage", "iam:ListUsers", "iam:CreateUser"],
        ResourceArns=[OBJECT],
    )
    assert decisions(answer) == ["allowed", "allowed", "allowed", "implicitDeny"]
    sources = [one["MatchedStatements"][0] for one in answer["EvaluationResults"][:3]]
    assert [one["SourcePolicyType"] for one in sources] == ["user", "group", "aws-managed"]
    assert sources[2]["SourcePolicyId"] == "IAMReadOnlyAccess"


@pytest.mark.aws(f"{API}/API_SimulatePrincipalPolicy.html", behaviour="roles with their boundary, and groups")
def test_a_role_is_asked_with_its_boundary_and_a_group_by_itself(iam: Any) -> None:
    boundary = iam.create_policy(PolicyName="bound", PolicyDocument=text(statement("s3:*")))["Policy"]["Arn"]
    role = iam.create_role(
        RoleName="runner", AssumeRolePolicyDocument=json.dumps(trust()), PermissionsBoundary=boundary
    )["Role"]["Arn"]
    iam.put_role_policy(RoleName="runner", PolicyName="all", PolicyDocument=text(statement("*")))
    group = iam.create_group(GroupName="readers")["Group"]["Arn"]
    iam.put_group_policy(GroupName="readers", PolicyName="all", PolicyDocument=text(statement("*")))
    answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=["s3:GetObject", "sqs:SendMessage"])
    assert decisions(answer) == ["allowed", "implicitDeny"]
    bounded = [one["PermissionsBoundaryDecisionDetail"] for one in answer["EvaluationResults"]]
    assert bounded == [{"AllowedByPermissionsBoundary": True}, {"AllowedByPermissionsBoundary": False}]
    assert decisions(iam.simulate_principal_policy(PolicySourceArn=group, ActionNames=["sqs:SendMessage"])) == [
        "allowed"
    ]


@pytest.mark.aws(f"{API}/API_EvaluationResult.html", behaviour="each action on each resource, and what is missing")
def test_each_resource_has_its_own_result(iam: Any) -> None:
    policy = text(
        statement("s3:GetObject", "arn:aws:s3:::bucket/*"),
        {**statement("s3:*", "arn:aws:s3:::bucket/secret"), "Effect": "Deny"},
        statement("s3:PutObject", Condition={"StringEquals": {"aws:RequestTag/team": "red"}}),
    )
    resources = ["arn:aws:s3:::bucket/a", "arn:aws:s3:::bucket/secret", "arn:aws:s3:::other/a"]
    answer = iam.simulate_custom_policy(
        PolicyInputList=[policy], ActionNames=["s3:GetObject", "s3:PutObject"], ResourceArns=resources
    )
    assert [one["EvalResourceName"] for one in answer["EvaluationResults"]] == resources * 2
    assert decisions(answer) == [
        "allowed", "explicitDeny", "implicitDeny", "implicitDeny", "explicitDeny", "implicitDeny",
    ]  # fmt: skip
    specific = [one["ResourceSpecificResults"][0] for one in answer["EvaluationResults"]]
    assert [one["EvalResourceDecision"] for one in specific] == decisions(answer)
    assert [one["MissingContextValues"] for one in specific] == [[]] * 3 + [["aws:RequestTag/team"]] * 3
    start = answer["EvaluationResults"][1]["MatchedStatements"][0]["StartPosition"]
    assert policy[start["Column"] - 1 :].startswith('{"Effect": "Deny"')


@pytest.mark.aws(f"{API}/API_ContextEntry.html", behaviour="the keys of the simulated request, with one or many values")
def test_context_entries_are_the_keys_of_the_request(iam: Any) -> None:
    policy = text(
        statement("s3:PutObject", Condition={"NumericLessThan": {"s3:max-keys": "10"}}),
        statement("s3:GetObject", Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}),
    )

    def asked(action: str, *entries: dict[str, Any]) -> str:
        answer = iam.simulate_custom_policy(
            PolicyInputList=[policy], ActionNames=[action], ContextEntries=list(entries)
        )
        return decisions(answer)[0]

    assert asked("s3:PutObject", entry("s3:max-keys", "9", kind="numeric")) == "allowed"
    assert asked("s3:PutObject", entry("s3:max-keys", "10", kind="numeric")) == "implicitDeny"
    assert asked("s3:GetObject", entry("aws:TagKeys", "a", "b", kind="stringList")) == "allowed"
    assert asked("s3:GetObject", entry("aws:TagKeys", "a", "c", kind="stringList")) == "implicitDeny"


@pytest.mark.aws(
    f"{API}/API_SimulateCustomPolicy.html", behaviour="boundaries, resource policies and callers that are only given"
)
def test_boundary_resource_policy_and_caller_can_be_given(aws: LocalAccount, iam: Any) -> None:
    caller = iam.create_user(UserName="ann")["User"]["Arn"]
    named = text({**statement("s3:GetObject", OBJECT), "Principal": {"AWS": caller}})
    everything = text(statement("*"))
    given = {"ActionNames": ["s3:GetObject"], "ResourceArns": [OBJECT]}
    bounded = iam.simulate_custom_policy(
        PolicyInputList=[everything], PermissionsBoundaryPolicyInputList=[text(statement("sqs:*"))], **given
    )
    assert decisions(bounded) == ["implicitDeny"]
    by_resource = {"PolicyInputList": [text(statement("sqs:*"))], "ResourcePolicy": named, "CallerArn": caller}
    assert decisions(iam.simulate_custom_policy(**by_resource, **given)) == ["allowed"]
    foreign = {**by_resource, "ResourceOwner": "arn:aws:iam::444455556666:root"}
    assert decisions(iam.simulate_custom_policy(**foreign, **given)) == ["implicitDeny"]
    assert decisions(iam.simulate_custom_policy(**foreign | {"PolicyInputList": [everything]}, **given)) == ["allowed"]


@pytest.mark.aws(f"{API}/API_SimulatePrincipalPolicy.html", behaviour="results are paged")
def test_results_are_paged(iam: Any) -> None:
    given = {"PolicyInputList": [text()], "ActionNames": [f"s3:Get{n}" for n in range(5)]}
    pages = list(iam.get_paginator("simulate_custom_policy").paginate(**given, PaginationConfig={"PageSize": 2}))
    assert [len(page["EvaluationResults"]) for page in pages] == [2, 2, 1]


@pytest.mark.aws(f"{API}/API_SimulatePrincipalPolicy.html#API_SimulatePrincipalPolicy_Errors", behaviour="errors")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"PolicySourceArn": "arn:aws:iam::111122223333:user/nobody"}, "NoSuchEntity"),
        ({"PolicySourceArn": "arn:aws:iam::111122223333:policy/level"}, "InvalidInput"),
        ({"PolicyInputList": ["{}"]}, "InvalidInput"),
        ({"PolicyInputList": [text()], "ActionNames": ["GetObject"]}, "InvalidInput"),
        ({"PolicyInputList": [text()], "ResourcePolicy": text()}, "InvalidInput"),
    ],
)
def test_what_can_not_be_simulated_is_refused(iam: Any, given: dict[str, Any], code: str) -> None:
    call = iam.simulate_principal_policy if "PolicySourceArn" in given else iam.simulate_custom_policy
    with pytest.raises(ClientError) as refused:
        call(**{"ActionNames": ["s3:GetObject"], **given})
    assert refused.value.response["Error"]["Code"] == code
