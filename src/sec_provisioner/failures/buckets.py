"""The bucket that a template goes through where it is too large for a request."""

from __future__ import annotations

from sec_provisioner.errors import AwsError, RefusedError
from sec_provisioner.failures.base import Area, FailureClass

_NOTHING = "Nothing was changed."

NO_BUCKET = FailureClass(
    "no-bucket",
    AwsError,
    "The template bucket {bucket} (deployment.template_bucket) does not exist.",
    state=_NOTHING,
    mend="Make it: aws s3 mb s3://{bucket} --region {region}, or let deploy do it: --create-bucket.",
)

NO_ACCESS_TO_BUCKET = FailureClass(
    "no-access-to-bucket",
    AwsError,
    "No access to the template bucket {bucket}: it is somebody else's, or the credentials lack s3:ListBucket on it.",
    state="Nothing was sent to it.",
    mend="Name a bucket of this account in deployment.template_bucket; export-iam-policy writes the policy that the "
    "operator of this tool needs.",
)

BUCKET_OF_OTHERS = FailureClass(
    "bucket-of-others",
    RefusedError,
    "The template bucket {bucket} belongs to another account than {account}.",
    state="Nothing was sent to it.",
    mend="Name a bucket of this account in deployment.template_bucket.",
    more="A template in a bucket of somebody else's could be read and replaced by them.",
)

BUCKET_ELSEWHERE = FailureClass(
    "bucket-elsewhere",
    AwsError,
    "The template bucket {bucket} is in the region {region}, not in {wanted}.",
    state="Nothing was sent to it.",
    mend="Name a bucket in {wanted} in deployment.template_bucket, or leave it out for the default one.",
)

BUCKET_NAME_TAKEN = FailureClass(
    "bucket-name-taken",
    RefusedError,
    "The bucket name {bucket} is taken by another account.",
    state="No bucket was made.",
    mend="Name a bucket of your own in deployment.template_bucket.",
    more="Bucket names are the same in all accounts. Also told where the bucket was deleted just now and S3 still "
    "holds the name: wait some minutes then.",
)

BUCKET_NOT_YET = FailureClass(
    "bucket-not-yet",
    RefusedError,
    "The template bucket was made and is not there yet.",
    state="No stack was made.",
    mend="Run again in some seconds.",
)

AREA = Area(
    "The template bucket",
    "Only templates that are too large to be sent inside a request need it.",
    (NO_BUCKET, NO_ACCESS_TO_BUCKET, BUCKET_OF_OTHERS, BUCKET_ELSEWHERE, BUCKET_NAME_TAKEN, BUCKET_NOT_YET),
)
