"""The template bucket: what state it is in, made where it may be, and a template put into it.

Every call names the account that must own the bucket (ExpectedBucketOwner): a bucket of the same name made by
somebody else could otherwise choose what gets deployed.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sec_provisioner.aws.errors import code_of, explained
from sec_provisioner.errors import AwsError
from sec_provisioner.failures.buckets import BUCKET_ELSEWHERE, BUCKET_NAME_TAKEN, BUCKET_OF_OTHERS, NO_ACCESS_TO_BUCKET

if TYPE_CHECKING:
    from sec_provisioner.aws.session import Aws

_MISSING = ("404", "NoSuchBucket", "NotFound")
_DENIED = ("403", "AccessDenied", "Forbidden", "AllAccessDisabled")
_BAD_REQUEST = "400"
_ELSEWHERE = ("301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException")


@dataclass(frozen=True)
class Bucket:
    """Where templates go."""

    name: str
    account_id: str
    region: str
    kms_key: str | None = None
    is_made_here: bool = True
    """Whether the tool makes it where it is missing: the default one, or one that the config names on request."""


class BucketState(Enum):
    """Whether a bucket can be used."""

    USABLE = "usable"
    MISSING = "missing"
    UNFINISHED = "made by this tool, which was interrupted before it had secured it"


@dataclass(frozen=True)
class Uploaded:
    """A template in a bucket. `is_new` where this run has put it there."""

    bucket: Bucket
    key: str
    url: str
    version: str | None
    is_new: bool


@explained("look at the template bucket")
def fetch_bucket_state(aws: Aws, bucket: Bucket) -> BucketState:
    """Whether the bucket is there, in the right region, and the caller's account's.

    Raises:
        RefusedError: it belongs to somebody else.
        AwsError: another region, no access.
    """
    try:
        answer = aws.s3.head_bucket(Bucket=bucket.name, ExpectedBucketOwner=bucket.account_id)
    except ClientError as error:
        if code_of(error) in _MISSING:
            return BucketState.MISSING
        if code_of(error) in _DENIED:
            _tell_denied(aws, bucket, error)
        if code_of(error) in _ELSEWHERE or _region_in(error.response):
            raise _elsewhere(bucket, _region_in(error.response)) from error
        if code_of(error) == _BAD_REQUEST:
            # An answer to HEAD has no body that could say why; this call needs no permission and has one.
            aws.sts.get_caller_identity()
        raise
    region = answer.get("BucketRegion") or _region_in(answer) or bucket.region
    if region != bucket.region:
        raise _elsewhere(bucket, region)
    return BucketState.UNFINISHED if bucket.is_made_here and not _is_versioned(aws, bucket) else BucketState.USABLE


def _is_versioned(aws: Aws, bucket: Bucket) -> bool:
    """Whether the last thing is done that makes a bucket of ours safe to use."""
    found = aws.s3.get_bucket_versioning(Bucket=bucket.name, ExpectedBucketOwner=bucket.account_id)
    return found.get("Status") == "Enabled"


def _tell_denied(aws: Aws, bucket: Bucket, error: ClientError) -> None:
    """A 403 with the expected owner means another owner or no access: without it, it can only be no access."""
    try:
        aws.s3.head_bucket(Bucket=bucket.name)
    except ClientError as second:
        if code_of(second) in _DENIED:
            raise NO_ACCESS_TO_BUCKET(bucket=bucket.name, code=code_of(error)) from error
    raise BUCKET_OF_OTHERS(bucket=bucket.name, account=bucket.account_id) from error


def _region_in(answer: Any) -> str:
    return str(answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("x-amz-bucket-region", ""))


def _elsewhere(bucket: Bucket, region: str) -> AwsError:
    found = region or "of somebody else"
    return BUCKET_ELSEWHERE(bucket=bucket.name, region=found, wanted=bucket.region, code="WrongRegion")


@explained("create the template bucket")
def create_bucket(aws: Aws, bucket: Bucket, partition: str) -> None:
    """Make the bucket: private, versioned, encrypted, TLS only. Harmless to repeat after it was interrupted.

    Raises:
        RefusedError: somebody else has a bucket of this name.
    """
    try:
        _create(aws, bucket)
    except ClientError as error:
        if code_of(error) in ("BucketAlreadyExists", "OperationAborted"):
            raise BUCKET_NAME_TAKEN(bucket=bucket.name) from error
        if code_of(error) != "BucketAlreadyOwnedByYou":
            raise
    _secure(aws, bucket, partition)


def _create(aws: Aws, bucket: Bucket) -> None:
    # us-east-1 takes no location: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    if bucket.region == "us-east-1":
        aws.s3.create_bucket(Bucket=bucket.name)
        return
    where: Any = {"LocationConstraint": bucket.region}
    aws.s3.create_bucket(Bucket=bucket.name, CreateBucketConfiguration=where)


def _secure(aws: Aws, bucket: Bucket, partition: str) -> None:
    """Versioning comes last: a bucket that has it has the rest (`fetch_bucket_state`)."""
    own: Any = {"Bucket": bucket.name, "ExpectedBucketOwner": bucket.account_id}
    aws.s3.put_public_access_block(
        **own,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": _encryption(bucket)}]}
    aws.s3.put_bucket_encryption(**own, ServerSideEncryptionConfiguration=rules)
    aws.s3.put_bucket_policy(**own, Policy=json.dumps(_tls_only(bucket.name, partition)))
    aws.s3.put_bucket_versioning(**own, VersioningConfiguration={"Status": "Enabled"})


def _encryption(bucket: Bucket) -> dict[str, str]:
    if bucket.kms_key:
        return {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": bucket.kms_key}
    return {"SSEAlgorithm": "AES256"}


def _tls_only(bucket: str, partition: str) -> dict[str, Any]:
    """The bucket policy that refuses requests without TLS.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
    """
    arn = f"arn:{partition}:s3:::{bucket}"
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


@explained("upload the template")
def upload_template(aws: Aws, bucket: Bucket, stem: str, text: str) -> Uploaded:
    """Put a template into the bucket, under a key that holds its SHA-256; one that is there is not sent again."""
    content = text.encode()
    digest = hashlib.sha256(content)
    key = f"{stem}/{digest.hexdigest()}.json"
    own: Any = {"Bucket": bucket.name, "Key": key, "ExpectedBucketOwner": bucket.account_id}
    version, is_new = _version_of(aws, own), False
    if version is None:
        checksum = base64.b64encode(digest.digest()).decode()
        extra: Any = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": bucket.kms_key} if bucket.kms_key else {}
        answer = aws.s3.put_object(
            **own, Body=content, ContentType="application/json", ChecksumSHA256=checksum, **extra
        )
        version, is_new = answer.get("VersionId", ""), True
    # The path form works in every partition; CloudFormation takes no s3:// address.
    host = f"s3.{bucket.region}.{aws.dns_suffix}"
    url = f"https://{host}/{bucket.name}/{key}" + (f"?versionId={version}" if version else "")
    return Uploaded(bucket, key, url, version, is_new)


def _version_of(aws: Aws, own: Any) -> str | None:
    """The version of an object that is there already (empty in a bucket without versions); None without it."""
    try:
        return aws.s3.head_object(**own).get("VersionId", "")
    except ClientError as error:
        if code_of(error) in (*_MISSING, "NoSuchKey"):
            return None
        raise


@explained("remove the template from the bucket")
def remove_template(aws: Aws, uploaded: Uploaded) -> None:
    """Take a template out again, the version that was put in."""
    own: Any = {
        "Bucket": uploaded.bucket.name,
        "Key": uploaded.key,
        "ExpectedBucketOwner": uploaded.bucket.account_id,
    }
    if uploaded.version:
        own["VersionId"] = uploaded.version
    aws.s3.delete_object(**own)
