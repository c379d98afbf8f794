"""Which operation an S3 request is: S3 says it by method, path and a parameter, not by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.s3.address import bucket_and_key

if TYPE_CHECKING:
    from sec_local.call import Call

_SUBRESOURCES = {
    "versioning": "BucketVersioning",
    "encryption": "BucketEncryption",
    "policy": "BucketPolicy",
    "publicAccessBlock": "PublicAccessBlock",
    "ownershipControls": "BucketOwnershipControls",
    "location": "BucketLocation",
    "lifecycle": "BucketLifecycleConfiguration",
    "tagging": "BucketTagging",
    "acl": "BucketAcl",
    "cors": "BucketCors",
}
_VERBS = {"GET": "Get", "PUT": "Put", "DELETE": "Delete"}
_WHOLE = {
    ("GET", 0): "ListBuckets",
    ("GET", 1): "ListObjectsV2",
    ("HEAD", 1): "HeadBucket",
    ("PUT", 1): "CreateBucket",
    ("DELETE", 1): "DeleteBucket",
    ("GET", 2): "GetObject",
    ("HEAD", 2): "HeadObject",
    ("PUT", 2): "PutObject",
    ("DELETE", 2): "DeleteObject",
}


def operation_of(call: Call) -> str:
    """`PutObject`, `HeadBucket`, `GetBucketVersioning`, ...; the method alone for what is none of these."""
    bucket, key = bucket_and_key(call.headers.get("host", ""), call.path)
    depth = 0 if not bucket else 2 if key else 1
    if call.method == "POST" and "delete" in call.query:
        return "DeleteObjects"
    if "uploads" in call.query:
        return "CreateMultipartUpload" if call.method == "POST" else "ListMultipartUploads"
    if "uploadId" in call.query:
        return {"PUT": "UploadPart", "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload"}.get(
            call.method, "ListParts"
        )
    if "versions" in call.query:
        return "ListObjectVersions"
    for name, noun in _SUBRESOURCES.items():
        if name in call.query and call.method in _VERBS:
            return _VERBS[call.method] + (noun if depth == 1 else noun.replace("Bucket", "Object"))
    return _WHOLE.get((call.method, depth), call.method)
