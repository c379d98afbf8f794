"""S3 where policies decide: bucket policies, other accounts, objects that are not there, keys."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.enforcement import administrator, allow, refusal, user
from support.local_aws import REGION, LocalAccount, new_account
from support.stack_samples import document, statement

S3 = "https://docs.aws.amazon.com/AmazonS3/latest"
POLICIES = f"{S3}/userguide/bucket-policies.html"


def bucket_of(account: LocalAccount, *statements: dict[str, Any], key: str = "k") -> str:
    """A bucket with one object and, perhaps, a policy."""
    name = f"b-{account.account_id}"
    s3 = administrator(account).client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=name, Key=key, Body=b"x")
    if statements:
        set_policy(account, name, *statements)
    return name


def set_policy(account: LocalAccount, name: str, *statements: dict[str, Any]) -> None:
    text = json.dumps(document(*statements))
    administrator(account).client("s3").put_bucket_policy(Bucket=name, Policy=text)


def deny(action: str, resource: str, **condition: Any) -> dict[str, Any]:
    return {**statement(action, resource, Condition=condition), "Effect": "Deny", "Principal": "*"}


@pytest.mark.aws(POLICIES, behaviour="a bucket policy denies, the owner's root as well")
def test_a_bucket_policy_denies_whoever_asks(enforced: LocalAccount) -> None:
    name = bucket_of(enforced)
    for somebody in (user(enforced, "ann", statement("s3:*")), administrator(enforced)):
        set_policy(enforced, name, deny("s3:GetObject", f"arn:aws:s3:::{name}/secret/*"))
        assert refusal(somebody.client("s3").get_object, Bucket=name, Key="k") is None
        set_policy(enforced, name, deny("s3:GetObject", f"arn:aws:s3:::{name}/*"))
        told = str(refusal(somebody.client("s3").get_object, Bucket=name, Key="k"))
        assert f's3:GetObject on resource: "arn:aws:s3:::{name}/k" with an explicit deny in a resource-based' in told


@pytest.mark.aws(f"{S3}/userguide/example-bucket-policies.html", behaviour="a bucket policy that demands TLS")
def test_a_bucket_that_demands_tls_refuses_plain_http(enforced: LocalAccount) -> None:
    name = bucket_of(enforced)
    set_policy(enforced, name, deny("s3:*", f"arn:aws:s3:::{name}/*", Bool={"aws:SecureTransport": "false"}))
    s3 = user(enforced, "ann", statement("s3:*")).client("s3")
    assert refusal(s3.get_object, Bucket=name, Key="k") is None
    s3.meta.events.register("before-sign.s3", as_if_plain)
    assert refusal(s3.get_object, Bucket=name, Key="k")


def as_if_plain(request: Any, **_: Any) -> None:
    request.headers["X-Forwarded-Proto"] = "http"


@pytest.mark.aws(f"{S3}/userguide/tagging-and-policies.html", behaviour="an object's tags, of the version that is read")
def test_an_objects_tags_are_seen(enforced: LocalAccount) -> None:
    name = bucket_of(enforced)
    own = administrator(enforced).client("s3")
    own.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    red = own.put_object(Bucket=name, Key="k", Body=b"x", Tagging="team=red")["VersionId"]
    tagged = {"StringEquals": {"s3:ExistingObjectTag/team": "red"}}
    s3 = user(enforced, "ann", statement("s3:GetObject*", Condition=tagged)).client("s3")
    assert refusal(s3.get_object, Bucket=name, Key="k") is None
    own.put_object(Bucket=name, Key="k", Body=b"x", Tagging="team=blue")
    assert refusal(s3.get_object, Bucket=name, Key="k")
    assert refusal(s3.get_object, Bucket=name, Key="k", VersionId=red) is None


@pytest.mark.aws(POLICIES, behaviour="a bucket policy grants within the account by itself")
def test_a_bucket_policy_grants_to_a_user_of_the_account(enforced: LocalAccount) -> None:
    ann, bob = user(enforced, "ann"), user(enforced, "bob")
    who = {"AWS": f"arn:aws:iam::{enforced.account_id}:user/ann"}
    name = bucket_of(enforced)
    set_policy(enforced, name, {**statement("s3:GetObject", f"arn:aws:s3:::{name}/*"), "Principal": who})
    assert refusal(ann.client("s3").get_object, Bucket=name, Key="k") is None
    assert refusal(bob.client("s3").get_object, Bucket=name, Key="k")


@pytest.mark.aws(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
    behaviour="another account's bucket takes its policy and one's own",
)
def test_another_accounts_bucket_takes_both_policies(enforced: LocalAccount) -> None:
    other = new_account(enforced.url)
    name = bucket_of(enforced)
    ann = user(other, "ann", statement("s3:GetObject"))
    get = ann.client("s3").get_object
    assert refusal(get, Bucket=name, Key="k")
    granted = statement("s3:GetObject", f"arn:aws:s3:::{name}/*")
    set_policy(enforced, name, {**granted, "Principal": {"AWS": f"arn:aws:iam::{other.account_id}:root"}})
    assert get(Bucket=name, Key="k")["Body"].read() == b"x"
    allow(other, "ann", statement("s3:PutObject"))
    assert refusal(get, Bucket=name, Key="k")


@pytest.mark.aws(f"{S3}/API/API_HeadObject.html", behaviour="404 for what is not there takes s3:ListBucket, else 403")
def test_only_who_may_list_is_told_that_an_object_is_not_there(enforced: LocalAccount) -> None:
    name = bucket_of(enforced)
    ann = user(enforced, "ann", statement("s3:GetObject"))
    head = ann.client("s3").head_object
    assert refusal(head, Bucket=name, Key="k") is None
    with pytest.raises(ClientError, match="403"):
        head(Bucket=name, Key="gone")
    allow(enforced, "ann", statement(["s3:GetObject", "s3:ListBucket"]))
    with pytest.raises(ClientError, match="404"):
        head(Bucket=name, Key="gone")


@pytest.mark.aws(f"{S3}/userguide/UsingKMSEncryption.html", behaviour="the key of an encrypted object takes rights too")
@pytest.mark.parametrize("by_default", [False, True])
def test_an_encrypted_object_takes_rights_on_its_key(enforced: LocalAccount, by_default: bool) -> None:
    name = bucket_of(enforced)
    key = administrator(enforced).client("kms").create_key()["KeyMetadata"]["Arn"]
    administrator(enforced).client("kms").create_alias(AliasName="alias/templates", TargetKeyId=key)
    encryption: dict[str, Any] = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    if by_default:
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
        administrator(enforced).client("s3").put_bucket_encryption(
            Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]}
        )
        encryption = {}
    ann = user(enforced, "ann", statement("s3:*"))
    s3 = ann.client("s3")
    assert "kms:GenerateDataKey" in str(refusal(s3.put_object, Bucket=name, Key="new", Body=b"x", **encryption))
    via = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}
    by_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/templates"}}
    allow(enforced, "ann", statement("s3:*"), statement("kms:GenerateDataKey", key, Condition={**via, **by_alias}))
    assert refusal(s3.put_object, Bucket=name, Key="new", Body=b"x", **encryption) is None
    assert "kms:Decrypt" in str(refusal(s3.get_object, Bucket=name, Key="new"))
    allow(enforced, "ann", statement("s3:*"), statement("kms:Decrypt", key))
    assert refusal(s3.get_object, Bucket=name, Key="new") is None
