"""A template's text becomes its value with places, or problems; never a traceback."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sec_provisioner.naming import Identity, Names
from sec_provisioner.template.inspection import inspect_template
from sec_provisioner.template.limits import Quotas
from sec_provisioner.template.reading import read_template

NAMES = Names(Identity("edge", "prod", "b001", "us-west-1", "startup", "123456789012"))


def read(text: str) -> object:
    template = read_template(text.encode(), "t.yaml")
    assert template.problems == ()
    return template.body


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: !Ref b", {"Ref": "b"}),
        ("a: !Sub '${b}-c'", {"Fn::Sub": "${b}-c"}),
        ("a: !GetAtt b.Arn", {"Fn::GetAtt": ["b", "Arn"]}),
        ("a: !GetAtt [b, Arn]", {"Fn::GetAtt": ["b", "Arn"]}),
        ("a: !If [c, 1, !Ref AWS::NoValue]", {"Fn::If": ["c", 1, {"Ref": "AWS::NoValue"}]}),
        ("a: !Condition c", {"Condition": "c"}),
        ("a: !Join ['-', [x, y]]", {"Fn::Join": ["-", ["x", "y"]]}),
        ("a: 3600", 3600),
        ("a: '3600'", "3600"),
        ("a: 012345678901", "012345678901"),
        ("a: 2012-10-17", "2012-10-17"),
        ("a: true", True),
        ("a: 1.5", 1.5),
        ("a:", None),
        ("a: ''", ""),
        ('{"a": {"b": [1, "x", null]}}', {"b": [1, "x", None]}),
    ],
)
def test_values_are_those_cloudformation_sees(text: str, value: object) -> None:
    body = read(text)
    assert isinstance(body, dict)
    assert body["a"] == value


def test_every_part_has_its_place() -> None:
    template = read_template(b"Resources:\n  P:\n    Type: x\n    List:\n      - one\n      - !Ref two\n", "t.yaml")
    where = {path: (at.line, at.column) for path, at in template.places.items()}
    assert where["Resources",] == (1, 1)
    assert where["Resources", "P", "Type"] == (3, 5)
    assert where["Resources", "P", "List", 1] == (6, 9)
    assert (
        template.place(("Resources", "P", "List", 1, "Ref", "deeper")) == template.places["Resources", "P", "List", 1]
    )


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        (b"", "no-template"),
        (b"- a", "no-template"),
        (b"a: [", "yaml-syntax"),
        (b"a: \xff", "not-utf-8"),
        (b"a: \x00", "yaml-syntax"),
        (b"a: 1\n---\nb: 2", "second-document"),
        (b"a: &x [1]\nb: *x", "yaml-alias"),
        (b"a: " + b"[" * 5000, "too-deep"),
        (b"? [a]\n: b", "bad-key"),
        (b"a: " + b"x" * 2_000_000, "file-too-big"),
        (b"a: 1\na: 2", "duplicate-key"),
    ],
)
def test_what_is_no_template_is_one_problem(text: bytes, id_: str) -> None:
    template = read_template(text, "t.yaml")
    assert [one.id for one in template.problems] == [id_]
    assert template.problems[0].where is not None


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ([], "must be a mapping with a Type"),
        ({"Properties": {}}, "must be a mapping with a Type"),
        ({"Type": "AWS::IAM::Role", "Properties": []}, "`Properties` must be a mapping"),
        ({"Type": "AWS::IAM::Role", "Properties": {"Policies": {}}}, "`Policies` must be a list of"),
        ({"Type": "AWS::IAM::Role", "Properties": {"Policies": ["x"]}}, "`Policies` must be a list of"),
        ({"Type": "AWS::IAM::Role", "Properties": {"Tags": {"a": "b"}}}, "`Tags` must be a list of"),
        ({"Type": "AWS::IAM::Group", "Properties": {"ManagedPolicyArns": "x"}}, "must be a list of ARNs"),
        (
            {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": ["x"]}}},
            "policy document",
        ),
    ],
)
def test_a_wrong_shape_stops_the_checks_that_rely_on_it(resource: object, message: str) -> None:
    template = read_template(json.dumps({"Resources": {"R": resource}}).encode(), "t.json")
    inspection = inspect_template(template, NAMES, Quotas())
    assert inspection.problems[0].id == "template-shape"
    assert message in inspection.problems[0].message
    assert inspection.not_checked == (("quotas of R", "its shape is wrong"),)


def ids(resources: dict[str, object]) -> list[str]:
    template = read_template(json.dumps({"Resources": resources}).encode(), "t.json")
    return [one.id for one in inspect_template(template, NAMES, Quotas()).problems]


PASSES_ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}


def test_a_wrong_shape_stops_no_check_of_other_resources() -> None:
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": PASSES_ALL}}
    assert ids({"R": {"Type": "AWS::IAM::Role", "Properties": []}, "P": policy}) == [
        "template-shape",
        "pass-role-on-star",
    ]


@pytest.mark.parametrize("type_", ["ManagedPolicy", "Policy", "GroupPolicy", "RolePolicy", "UserPolicy"])
def test_documents_are_checked_wherever_iam_has_them(type_: str) -> None:
    assert ids({"P": {"Type": f"AWS::IAM::{type_}", "Properties": {"PolicyDocument": PASSES_ALL}}}) == [
        "pass-role-on-star"
    ]


@pytest.mark.parametrize("text", [json.dumps(PASSES_ALL), {"Fn::Sub": json.dumps(PASSES_ALL)}], ids=["text", "sub"])
def test_a_document_may_be_json_text(text: object) -> None:
    inline = {"Policies": [{"PolicyName": "p", "PolicyDocument": text}]}
    assert ids({"G": {"Type": "AWS::IAM::Group", "Properties": inline}}) == ["pass-role-on-star"]


def test_a_text_that_is_no_json_is_no_document() -> None:
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": "{"}}
    assert ids({"P": policy})[0] == "template-shape"


def test_wide_policies_of_aws_are_found_among_the_attached() -> None:
    arns = [
        {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"},
        "arn:aws:iam::aws:policy/SecurityAudit",
    ]
    group = {"Type": "AWS::IAM::Group", "Properties": {"ManagedPolicyArns": arns}}
    template = read_template(json.dumps({"Resources": {"G": group}}).encode(), "t.json")
    (found,) = inspect_template(template, NAMES, Quotas()).problems
    assert (found.id, found.path) == ("broad-managed-policy", "Resources.G.Properties.ManagedPolicyArns[0]")


def test_policies_of_resources_are_not_checked_and_said() -> None:
    bucket = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "b", "PolicyDocument": PASSES_ALL}}
    template = read_template(json.dumps({"Resources": {"B": bucket}}).encode(), "t.json")
    found = inspect_template(template, NAMES, Quotas())
    assert found.problems == ()
    assert found.not_checked == (
        ("Resources.B.Properties.PolicyDocument", "it is the policy of a resource, not of IAM"),
    )


def test_quotas_are_those_of_the_config() -> None:
    arns = [f"arn:aws:iam::aws:policy/P{number}" for number in range(11)]
    body = {"Resources": {"G": {"Type": "AWS::IAM::Group", "Properties": {"ManagedPolicyArns": arns}}}}
    template = read_template(json.dumps(body).encode(), "t.json")
    (found,) = inspect_template(template, NAMES, Quotas()).problems
    assert (found.id, found.path) == ("too-many-attachments", "Resources.G.Properties.ManagedPolicyArns[10]")
    assert found.hint.startswith("Drop 1 of P0, P1, ")
    raised = inspect_template(template, NAMES, Quotas(group_attached_policies=20)).problems
    assert [one.id for one in raised] == ["many-attachments"]


def test_what_only_aws_knows_is_not_checked_and_said() -> None:
    text = b"""
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "s3:*", Resource: !ImportValue bucket}
"""
    found = inspect_template(read_template(text, "t.yaml"), NAMES, Quotas())
    assert found.not_checked == (("Resources.P.Properties.PolicyDocument", "it depends on values that only AWS knows"),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Ref",
                    "Fn::Sub",
                    "Fn::GetAtt",
                    "Fn::If",
                    "Statement",
                    "PolicyDocument",
                    "PolicyName",
                    "Key",
                    "Value",
                    "x",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
KINDS = ["AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::SSM::Parameter", "AWS::IAM::Policy"]
PROPERTIES = [
    "Policies", "ManagedPolicyArns", "AssumeRolePolicyDocument", "PolicyDocument", "Tags", "GroupName", "RoleName",
    "MaxSessionDuration", "Description", "Path", "Name", "Value", "ManagedPolicyName",
]  # fmt: skip


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=4),
        st.fixed_dictionaries(
            {
                "Type": st.sampled_from(KINDS),
                "Properties": st.dictionaries(st.sampled_from(PROPERTIES), JSON, max_size=4),
            }
        ),
        max_size=3,
    )
)
def test_any_resources_end_in_problems_or_none(resources: dict[str, object]) -> None:
    text = json.dumps({"Resources": resources}, ensure_ascii=False)
    inspect_template(read_template(text.encode("utf-8", "replace"), "t.json"), NAMES, Quotas())


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_end_in_a_value_or_problems(content: bytes) -> None:
    template = read_template(content, "t.yaml")
    assert template.body is not None or template.problems
