"""Both ways to name a bucket and a key in a URL.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

from __future__ import annotations

import re

# bucket.s3.amazonaws.com, bucket.s3.us-west-1.amazonaws.com, bucket.s3-us-west-1..., bucket.s3.localhost
_VIRTUAL_HOSTED = re.compile(r"^(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.s3(?:[.-]|$)")


def bucket_and_key(host: str, path: str) -> tuple[str, str]:
    """The bucket and the key of an S3 request; empty where the request names none.

    Args:
        host: the `Host` header or a URL's network location, with or without port.
        path: the URL's path, already unquoted.
    """
    found = _VIRTUAL_HOSTED.match(host.lower())
    if found:
        return found["bucket"], path.lstrip("/")
    bucket, _, key = path.lstrip("/").partition("/")
    return bucket, key
