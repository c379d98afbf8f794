"""SDK operation -> the IAM permissions that it needs, where they are called otherwise than it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

_S3 = {
    # 404 instead of 403 for what is not there takes ListBucket.
    "HeadBucket": ("s3:ListBucket",),
    "HeadObject": ("s3:GetObject", "s3:ListBucket"),
    "PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
    "PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "DeleteObject": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
}


def permissions_of(service: str, operation: str) -> tuple[str, ...]:
    """The permissions of a call; of DeleteObject both, as it is with and without a version."""
    if service == "s3" and operation in _S3:
        return _S3[operation]
    return (f"{service}:{operation}",)
