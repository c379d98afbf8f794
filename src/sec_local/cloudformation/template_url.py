"""TemplateURL in both of S3's forms; MiniStack knows only the one with the bucket in the path."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sec_local.s3.address import bucket_and_key


def install() -> None:
    """Turn virtual-hosted URLs into path ones before MiniStack reads them."""
    from ministack.services.cloudformation import (  # noqa: PLC0415 - imported on first use
        changesets,
        handlers,
        helpers,
    )

    resolve = helpers._resolve_document  # noqa: SLF001 - its one reader of documents

    def resolve_both_forms(params: dict[str, Any], body_key: str, url_key: str, label: str) -> Any:
        url = helpers._p(params, url_key)  # noqa: SLF001 - its reader of parameters
        if url:
            parts = urlsplit(url)
            bucket, key = bucket_and_key(parts.netloc, unquote(parts.path))
            params = {**params, url_key: f"https://s3.amazonaws.com/{bucket}/{key}"}
            if version := parse_qs(parts.query).get("versionId"):
                return _of_version(bucket, key, version[0], helpers)
        return resolve(params, body_key, url_key, label)

    for module in (helpers, handlers, changesets):
        if hasattr(module, "_resolve_document"):
            module._resolve_document = resolve_both_forms  # noqa: SLF001 - the same


def _of_version(bucket: str, key: str, version: str, helpers: Any) -> Any:
    """A template that is named by its version: the newest one may be another by now."""
    from ministack.services import s3  # noqa: PLC0415 - imported on first use

    body = s3._get_object_data(bucket, key, version)  # noqa: SLF001 - its reader of objects
    if body is None:
        return None, helpers._error("ValidationError", f"S3 error: no version {version} of {bucket}/{key}")  # noqa: SLF001
    return body.decode(), None
