"""The template bucket: whose it is, where it is, and what it is like when the tool makes it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from botocore.session import Session
from botocore.stub import ANY, Stubber

from sec_provisioner.aws import upload
from sec_provisioner.aws.session import Aws
from sec_provisioner.aws.upload import Bucket, BucketState
from sec_provisioner.errors import AwsError, RefusedError

OWN = "123456789012"
BUCKET = Bucket("sec-templates-123456789012-us-west-1", OWN, "us-west-1")
WITH_OWNER = {"Bucket": BUCKET.name, "ExpectedBucketOwner": OWN}


@pytest.fixture
def aws(clean: None) -> Aws:
    session = Session()
    session.set_credentials("AKIAEXAMPLE", "secret")
    return Aws(session, "us-west-1")


@pytest.fixture
def stub(aws: Aws) -> Any:
    with Stubber(aws.s3) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_a_bucket_of_ones_own_is_usable(aws: Aws, stub: Stubber) -> None:
    stub.add_response("head_bucket", {"BucketRegion": "us-west-1"}, WITH_OWNER)
    stub.add_response("get_bucket_versioning", {"Status": "Enabled"}, WITH_OWNER)
    assert upload.fetch_bucket_state(aws, BUCKET) is BucketState.USABLE


def test_a_bucket_that_was_not_made_in_full_is_unfinished(aws: Aws, stub: Stubber) -> None:
    stub.add_response("head_bucket", {"BucketRegion": "us-west-1"})
    stub.add_response("get_bucket_versioning", {})
    assert upload.fetch_bucket_state(aws, BUCKET) is BucketState.UNFINISHED


def test_how_a_bucket_of_the_config_is_made_is_its_owners_business(aws: Aws, stub: Stubber) -> None:
    stub.add_response("head_bucket", {"BucketRegion": "us-west-1"})
    assert upload.fetch_bucket_state(aws, replace(BUCKET, is_made_here=False)) is BucketState.USABLE


def test_a_head_that_is_refused_without_a_word_is_explained_by_a_call_that_has_one(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("head_bucket", "400", "Bad Request", 400)
    with Stubber(aws.sts) as sts:
        sts.add_client_error("get_caller_identity", "ExpiredToken", "The security token is expired", 403)
        with pytest.raises(AwsError, match="expired"):
            upload.fetch_bucket_state(aws, BUCKET)


def test_a_missing_bucket_is_missing(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("head_bucket", "404", "Not Found", 404, expected_params=WITH_OWNER)
    assert upload.fetch_bucket_state(aws, BUCKET) is BucketState.MISSING


def test_a_bucket_that_answers_only_without_the_owner_is_somebody_elses(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("head_bucket", "403", "Forbidden", 403, expected_params=WITH_OWNER)
    stub.add_response("head_bucket", {}, {"Bucket": BUCKET.name})
    with pytest.raises(RefusedError, match="belongs to another account"):
        upload.fetch_bucket_state(aws, BUCKET)


def test_a_bucket_that_never_answers_may_be_either(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("head_bucket", "403", "Forbidden", 403)
    stub.add_client_error("head_bucket", "403", "Forbidden", 403)
    with pytest.raises(AwsError, match="s3:ListBucket"):
        upload.fetch_bucket_state(aws, BUCKET)


def test_a_bucket_elsewhere_is_named_with_its_region(aws: Aws, stub: Stubber) -> None:
    stub.add_response("head_bucket", {"BucketRegion": "eu-west-1"})
    with pytest.raises(AwsError, match="in the region eu-west-1, not in us-west-1"):
        upload.fetch_bucket_state(aws, BUCKET)


def test_a_key_that_may_not_be_used_is_told(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("head_object", "404", "Not Found", 404)
    stub.add_client_error(
        "put_object",
        "AccessDenied",
        "User: x is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:us-west-1:1:key/k because",
        403,
    )
    with pytest.raises(AwsError, match="kms:GenerateDataKey on arn:aws:kms"):
        upload.upload_template(aws, BUCKET, "edge", "{}")


def test_the_key_holds_the_sha_256_and_every_call_names_the_owner(aws: Aws, stub: Stubber) -> None:
    digest = hashlib.sha256(b"{}").hexdigest()
    where = {**WITH_OWNER, "Key": f"edge/{digest}.json"}
    stub.add_client_error("head_object", "404", "Not Found", 404, expected_params=where)
    sent = {**where, "Body": b"{}", "ContentType": "application/json", "ChecksumSHA256": ANY}
    stub.add_response("put_object", {"VersionId": "v7"}, sent)
    done = upload.upload_template(aws, BUCKET, "edge", "{}")
    assert done.is_new
    assert done.url == f"https://s3.us-west-1.amazonaws.com/{BUCKET.name}/edge/{digest}.json?versionId=v7"
    stub.add_response("delete_object", {}, {**where, "VersionId": "v7"})
    upload.remove_template(aws, done)


def test_the_configured_key_encrypts_the_template(aws: Aws, stub: Stubber) -> None:
    bucket = Bucket(BUCKET.name, OWN, "us-west-1", kms_key="arn:aws:kms:us-west-1:123456789012:key/k")
    stub.add_client_error("head_object", "404", "Not Found", 404)
    sent = {
        **WITH_OWNER,
        "Key": ANY,
        "Body": ANY,
        "ContentType": ANY,
        "ChecksumSHA256": ANY,
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": bucket.kms_key,
    }
    stub.add_response("put_object", {}, sent)
    assert upload.upload_template(aws, bucket, "edge", "{}").version == ""


def test_a_template_that_is_there_already_is_not_sent_again(aws: Aws, stub: Stubber) -> None:
    stub.add_response("head_object", {"VersionId": "v1"})
    done = upload.upload_template(aws, BUCKET, "edge", "{}")
    assert (done.is_new, done.version) == (False, "v1")


def test_a_bucket_name_that_somebody_else_has_is_a_refusal(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("create_bucket", "BucketAlreadyExists", "taken", 409)
    with pytest.raises(RefusedError, match="taken by another account"):
        upload.create_bucket(aws, BUCKET, "aws")


def test_making_a_bucket_again_after_an_interruption_finishes_it(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("create_bucket", "BucketAlreadyOwnedByYou", "yours", 409)
    for operation in ("put_public_access_block", "put_bucket_encryption", "put_bucket_policy", "put_bucket_versioning"):
        stub.add_response(operation, {})
    upload.create_bucket(aws, BUCKET, "aws")


def test_the_oldest_region_takes_no_location(aws: Aws, stub: Stubber) -> None:
    stub.add_client_error("create_bucket", "BucketAlreadyExists", "taken", 409, expected_params={"Bucket": BUCKET.name})
    with pytest.raises(RefusedError):
        upload.create_bucket(aws, Bucket(BUCKET.name, OWN, "us-east-1"), "aws")
