"""S3, STS and CloudTrail, as far as stacks and roles meet them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from support.refusals import refused
from support.stack_samples import Stacks, document, parameter, template, trust

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

S3 = "https://docs.aws.amazon.com/AmazonS3/latest"
STS = "https://docs.aws.amazon.com/STS/latest/APIReference"
TRAIL = "https://docs.aws.amazon.com/awscloudtrail/latest"


@pytest.fixture
def bucket(aws: LocalAccount) -> str:
    name = f"bucket-{aws.account_id}"
    aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": aws.region})
    return name


@pytest.mark.aws(
    f"{S3}/userguide/access-control-block-public-access.html", behaviour="a new bucket blocks public access"
)
def test_a_new_bucket_blocks_public_access(aws: LocalAccount, bucket: str) -> None:
    s3 = aws.client("s3")
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    s3.delete_public_access_block(Bucket=bucket)
    assert refused(s3.get_public_access_block, Bucket=bucket)[1] == 404


@pytest.mark.aws(f"{S3}/API/API_PutBucketPolicy.html", behaviour="a bucket policy is JSON")
def test_a_bucket_policy_is_json(aws: LocalAccount, bucket: str) -> None:
    assert refused(aws.client("s3").put_bucket_policy, Bucket=bucket, Policy="{")[:2] == ("MalformedPolicy", 400)


@pytest.mark.aws(f"{S3}/userguide/bucket-owner-condition.html", behaviour="another owner than the expected one: 403")
@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("put_object", {"Key": "k", "Body": b"x"}), ("get_object", {"Key": "k"}), ("head_bucket", {}),
        ("list_objects_v2", {}), ("get_bucket_versioning", {}), ("get_bucket_encryption", {}),
        ("get_public_access_block", {}), ("delete_object", {"Key": "k"}),
    ],
)  # fmt: skip
def test_a_bucket_of_another_than_the_expected_owner(
    aws: LocalAccount, bucket: str, method: str, more: dict[str, Any]
) -> None:
    s3 = aws.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", ExpectedBucketOwner=aws.account_id)
    assert refused(getattr(s3, method), Bucket=bucket, ExpectedBucketOwner="111122223333", **more)[1] == 403


@pytest.mark.aws(f"{S3}/userguide/versioning-workflows.html", behaviour="a template is read by its version")
def test_a_template_url_may_name_a_version(aws: LocalAccount, bucket: str) -> None:
    s3 = aws.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="t", Body=template(P=parameter(value="first")))["VersionId"]
    s3.put_object(Bucket=bucket, Key="t", Body=template(P=parameter(value="second")))
    stacks = Stacks(aws)
    url = f"https://{bucket}.s3.{aws.region}.amazonaws.com/t"
    stacks.api.create_stack(StackName="stack", TemplateURL=f"{url}?versionId={first}")
    stacks.settled()
    assert aws.client("ssm").get_parameter(Name="/app/one")["Parameter"]["Value"] == "first"
    with pytest.raises(ClientError, match="ValidationError"):
        stacks.api.create_stack(StackName="other", TemplateURL=f"{url}?versionId=none")


@pytest.mark.aws(
    f"{STS}/API_AssumeRole.html", behaviour="a role that is not there is denied, a policy that is none refused"
)
def test_a_role_that_is_not_there_can_not_be_assumed(aws: LocalAccount) -> None:
    sts, iam = aws.client("sts"), aws.client("iam")
    arn = f"arn:aws:iam::{aws.account_id}:role/r"
    call = {"RoleArn": arn, "RoleSessionName": "session"}
    assert refused(sts.assume_role, **call)[:2] == ("AccessDenied", 403)
    root = {"AWS": f"arn:aws:iam::{aws.account_id}:root"}
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(root)))
    assert refused(sts.assume_role, **call, Policy="{")[:2] == ("MalformedPolicyDocument", 400)
    assert refused(sts.assume_role, **{**call, "RoleSessionName": "a b"})[:2] == ("ValidationError", 400)
    assert refused(sts.assume_role, **call, ExternalId="a b")[:2] == ("ValidationError", 400)
    assert sts.assume_role(**call, Policy=json.dumps(document()))


def home_of_trail(aws: LocalAccount) -> Any:
    session: Any = aws.session()
    return session.client("cloudtrail", endpoint_url=aws.url, region_name="us-east-1")


@pytest.mark.aws(
    f"{TRAIL}/userguide/cloudtrail-event-reference-record-contents.html", behaviour="an error's code and text"
)
@pytest.mark.aws(f"{TRAIL}/userguide/cloudtrail-event-reference-user-identity.html", behaviour="a session and its role")
def test_a_session_s_failed_call_is_recorded_as_its_own(aws: LocalAccount) -> None:
    iam, root = aws.client("iam"), {"AWS": f"arn:aws:iam::{aws.account_id}:root"}
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(root)))["Role"]
    keys = aws.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="mia")["Credentials"]
    session: Any = aws.session()
    as_mia = session.client(
        "iam", endpoint_url=aws.url, aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"],
    )  # fmt: skip
    assert refused(as_mia.get_group, GroupName="none")[0] == "NoSuchEntity"
    wanted = [{"AttributeKey": "EventName", "AttributeValue": "GetGroup"}]
    event = home_of_trail(aws).lookup_events(LookupAttributes=wanted)["Events"][0]
    detail = json.loads(event["CloudTrailEvent"])
    assert event["Username"] == "mia"
    assert detail["errorCode"] == "NoSuchEntityException"
    assert "none" in detail["errorMessage"]
    assert detail["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"].endswith(":role/r")
    assert detail["userIdentity"]["sessionContext"]["sessionIssuer"]["principalId"] == role["RoleId"]


@pytest.mark.aws(f"{TRAIL}/APIReference/API_LookupEvents.html", behaviour="attributes, ranges and pages that are none")
def test_a_lookup_that_makes_no_sense_is_refused(aws: LocalAccount) -> None:
    look = home_of_trail(aws).lookup_events
    now = datetime.now(UTC)
    unknown = [{"AttributeKey": "Colour", "AttributeValue": "x"}]
    assert refused(look, LookupAttributes=unknown)[0] == "InvalidLookupAttributesException"
    assert refused(look, StartTime=now, EndTime=now - timedelta(hours=1))[0] == "InvalidTimeRangeException"
    assert refused(look, MaxResults=51)[0] == "InvalidMaxResultsException"
    assert refused(look, NextToken="made-up")[0] == "InvalidNextTokenException"
