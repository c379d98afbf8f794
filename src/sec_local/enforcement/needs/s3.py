"""S3: actions are not called as operations are, and what an object is encrypted with takes permissions too.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from sec_local.enforcement.caller import Caller
from sec_local.enforcement.context import Context, Values
from sec_local.enforcement.need import Need
from sec_local.enforcement.needs import kms
from sec_local.enforcement.statements import Policy
from sec_local.s3.address import bucket_and_key
from sec_local.s3.ownership import owner_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sec_local.call import Call

_ACTIONS = {
    "ListBuckets": "ListAllMyBuckets",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "PutBucketCors": "PutBucketCORS",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
}
_OF_VERSIONS = {
    "GetObject": "GetObjectVersion",
    "DeleteObject": "DeleteObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectTagging": "PutObjectVersionTagging",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
    "GetObjectAcl": "GetObjectVersionAcl",
    "PutObjectAcl": "PutObjectVersionAcl",
}
_FROM_QUERY = {
    "prefix": "s3:prefix",
    "delimiter": "s3:delimiter",
    "max-keys": "s3:max-keys",
    "versionId": "s3:VersionId",
}
_BESIDE = {"x-amz-tagging": "PutObjectTagging", "x-amz-acl": "PutObjectAcl"}
"""Headers of PutObject that take a permission of their own."""
_KMS = "aws:kms"
_DELETED = re.compile(rb"<Object>(.*?)</Object>", re.DOTALL)


def needs_of(call: Call, caller: Caller) -> list[Need]:
    """What a request takes. A bucket that is not there is not found, whoever asks."""
    bucket, key = bucket_and_key(call.headers.get("host", ""), call.path)
    if call.operation == "CreateBucket":
        return list(_creating(call, bucket, caller))
    if not bucket:
        return [Need(f"s3:{_ACTIONS.get(call.operation, call.operation)}", keys=_keys(call))]
    if owner_of(bucket) is None:
        return []
    if call.operation == "DeleteObjects":
        return _deleting(call, bucket)
    if call.operation in ("GetObject", "HeadObject"):
        version = call.query.get("versionId", [""])[0]
        return getting(Object(bucket, key, version, call.region), caller, _keys(call))
    version = call.query.get("versionId", [""])[0]
    found = [_need(_action(call), bucket, key, _keys(call) | _held_tags(bucket, key, version))]
    if call.operation in ("PutObject", "CreateMultipartUpload"):
        found += _putting(call, bucket, key, caller)
    return found


@dataclass(frozen=True)
class Object:
    """An object that is read, in one version of it (empty: the newest), by way of one region's S3."""

    bucket: str
    key: str
    version: str
    region: str


def getting(one: Object, caller: Caller, keys: Context) -> list[Need]:
    """Reading an object. That one is not there is told to those alone who may list the bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    action = "GetObjectVersion" if one.version else "GetObject"
    found = [_need(action, one.bucket, one.key, keys | _held_tags(one.bucket, one.key, one.version))]
    record = _object(one.bucket, one.key)
    if record is None:
        return [*found, _need("ListBucket", one.bucket, "", Context())]
    algorithm, key_id = _encryption(_stored_encryption(record))
    return [*found, *kms.needs("kms:Decrypt", key_id, one.region, caller, by="s3")] if algorithm == _KMS else found


def _creating(call: Call, bucket: str, caller: Caller) -> Iterator[Need]:
    place = re.search(rb"<LocationConstraint[^>]*>([^<]+)<", call.body)
    keys = _keys(call) | Context({"s3:LocationConstraint": place[1].decode() if place else None})
    actions = ["CreateBucket"]
    actions += ["PutBucketAcl"] if "x-amz-acl" in call.headers else []
    actions += ["PutBucketOwnershipControls"] if "x-amz-object-ownership" in call.headers else []
    for action in actions:
        yield Need(f"s3:{action}", f"arn:aws:s3:::{bucket}", keys, owner=caller.principal.account)


def _deleting(call: Call, bucket: str) -> list[Need]:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html: each object by itself."""
    found = []
    for item in _DELETED.findall(call.body):
        name = re.search(rb"<Key>(.*?)</Key>", item, re.DOTALL)
        action = "DeleteObjectVersion" if b"<VersionId>" in item else "DeleteObject"
        found.append(_need(action, bucket, name[1].decode() if name else "", _keys(call)))
    return found


def _putting(call: Call, bucket: str, key: str, caller: Caller) -> Iterator[Need]:
    for header, action in _BESIDE.items():
        if header in call.headers:
            yield _need(action, bucket, key, _keys(call))
    if source := unquote(call.headers.get("x-amz-copy-source", "")).lstrip("/"):
        path, _, version = source.partition("?versionId=")
        from_bucket, _, from_key = path.partition("/")
        yield from getting(Object(from_bucket, from_key, version, call.region), caller, Context())
    algorithm, key_id = _encryption(call.headers)
    if not algorithm:
        algorithm, key_id = _encryption(_default_encryption(bucket))
    if algorithm == _KMS:
        yield from kms.needs("kms:GenerateDataKey", key_id, call.region, caller, by="s3")


def _need(action: str, bucket: str, key: str, keys: Context) -> Need:
    arn = f"arn:aws:s3:::{bucket}/{key}" if key and action != "ListBucket" else f"arn:aws:s3:::{bucket}"
    owner = owner_of(bucket) or ""
    text = _bucket_policy(owner, bucket)
    policy = Policy(f"arn:aws:s3:::{bucket}", "resource", text) if text else None
    return Need(f"s3:{action}", arn, keys, policy=policy, owner=owner)


def _action(call: Call) -> str:
    action = _ACTIONS.get(call.operation, call.operation)
    return _OF_VERSIONS.get(action, action) if call.query.get("versionId", [""])[0] else action


def _keys(call: Call) -> Context:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html."""
    headers: dict[str, Values | None] = {
        f"s3:{name}": value for name, value in call.headers.items() if name.startswith("x-amz-")
    }
    query: dict[str, Values | None] = {
        key: call.query[name][0] for name, key in _FROM_QUERY.items() if name in call.query
    }
    tagging = {key: value[0] for key, value in parse_qs(call.headers.get("x-amz-tagging", "")).items()}
    tagged: dict[str, Values | None] = {f"s3:RequestObjectTag/{key}": value for key, value in tagging.items()}
    signed = "REST-QUERY-STRING" if "X-Amz-Signature" in call.query else "REST-HEADER"
    keys = Context({**headers, **query, **tagged, "s3:authType": signed, "s3:signatureversion": "AWS4-HMAC-SHA256"})
    return keys | Context({"s3:RequestObjectTagKeys": tuple(tagging)} if tagging else {})


def _held_tags(bucket: str, key: str, version: str) -> Context:
    """The tags that an object has already; of other actions than its own the key is not asked.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
    """
    from ministack.services import s3  # noqa: PLC0415 - MiniStack is imported on first use

    held = (bucket, key, version or (_object(bucket, key) or {}).get("version_id"))
    found: dict[str, str] = s3._object_tags._data.get((owner_of(bucket), held)) or {}  # noqa: SLF001 - its store
    return Context({f"s3:ExistingObjectTag/{name}": value for name, value in found.items()})


def _encryption(headers: dict[str, str]) -> tuple[str, str]:
    name = "x-amz-server-side-encryption"
    return headers.get(name, ""), headers.get(f"{name}-aws-kms-key-id", "")


def _stored_encryption(record: dict[str, object]) -> dict[str, str]:
    from ministack.services import s3  # noqa: PLC0415 - the same

    headers: dict[str, str] = s3._stored_sse_headers(record)  # noqa: SLF001 - its record of an object
    return headers


def _object(bucket: str, key: str) -> dict[str, object] | None:
    from ministack.services import s3  # noqa: PLC0415 - the same

    found = s3._buckets._data.get((owner_of(bucket), bucket))  # noqa: SLF001 - its store
    record: dict[str, object] | None = (found or {}).get("objects", {}).get(key)
    return record


def _default_encryption(bucket: str) -> dict[str, str]:
    from ministack.services import s3  # noqa: PLC0415 - the same

    headers: dict[str, str] = s3._bucket_default_sse_headers(bucket)  # noqa: SLF001 - its reading of the rule
    return headers


def _bucket_policy(owner: str, bucket: str) -> str:
    from ministack.services import s3  # noqa: PLC0415 - the same

    return str(s3._bucket_policies._data.get((owner, bucket)) or "")  # noqa: SLF001 - its store
