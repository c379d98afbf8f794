"""Whose bucket it is, and where: `ExpectedBucketOwner`, other accounts' buckets, other regions' buckets.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (PermanentRedirect)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sec_local.faults import answer_with_error
from sec_local.s3.address import bucket_and_key
from sec_local.s3.other_accounts import OWNER
from sec_local.settings import SETTINGS

if TYPE_CHECKING:
    from sec_local.call import Call, Response


async def answer(call: Call) -> Response | None:
    """The gateway's stage: refused where the bucket is not the expected owner's, not the caller's, or elsewhere.

    Where policies decide, they have decided about other accounts' buckets before.
    """
    OWNER.set(None)
    if call.service != "s3" or call.operation in ("CreateBucket", "ListBuckets"):
        return None
    bucket, _ = bucket_and_key(call.headers.get("host", ""), call.path)
    owner = owner_of(bucket)
    if owner is None:
        return None
    expected = call.headers.get("x-amz-expected-bucket-owner")
    is_foreign = owner != _account_of(call)
    if expected not in (None, owner) or (is_foreign and not SETTINGS.enforce):
        return answer_with_error(call, "AccessDenied", "Access Denied", 403)
    OWNER.set(owner if is_foreign else None)
    if call.operation == "PutBucketPolicy" and not _is_json(call.body):
        return answer_with_error(call, "MalformedPolicy", "Policies must be valid JSON", 400)
    region = _region_of(owner, bucket)
    if call.operation != "GetBucketLocation" and call.region != region:
        message = "The bucket you are attempting to access must be addressed using the specified endpoint."
        status, headers, body = answer_with_error(call, "PermanentRedirect", message, 301)
        return status, {**headers, "x-amz-bucket-region": region}, body
    return None


def _region_of(owner: str, bucket: str) -> str:
    from ministack.services import s3  # noqa: PLC0415 - MiniStack is imported on first use

    return str(s3._buckets._data[owner, bucket].get("region") or "us-east-1")  # noqa: SLF001 - its store


def owner_of(bucket: str) -> str | None:
    """The account that has a bucket of that name; names are global."""
    from ministack.services import s3  # noqa: PLC0415 - MiniStack is imported on first use

    return next((account for account, name in s3._buckets._data if name == bucket), None)  # noqa: SLF001 - its store


def _account_of(call: Call) -> str:
    from ministack.core import responses  # noqa: PLC0415 - the same

    responses.set_request_account_id(call.access_key)
    return str(responses.get_account_id())


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False
