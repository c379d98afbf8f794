"""What AWS, the credentials or the network say -> one message of ours with a mend. Never a traceback.

Every function of this package that calls AWS is wrapped by `explained`, so nothing of botocore leaves the package.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from sec_provisioner.aws.credential_errors import describe_credential_error, unreadable_credential_file
from sec_provisioner.errors import AwsError
from sec_provisioner.failures.aws import (
    AWS_REFUSES,
    BROKEN_OFF,
    CERTIFICATE_NOT_TRUSTED,
    FAULT_OF_AWS,
    NO_SUCH_ENDPOINT,
    NO_WAY_THERE,
    NOT_SWITCHED_ON,
    PERMISSION_LACKING,
    PROXY_SILENT,
    SDK_FAULT,
    TEMPLATE_NOT_FETCHED,
    THROTTLED,
)
from sec_provisioner.failures.base import FailureClass
from sec_provisioner.failures.credentials import CREDENTIALS_EXPIRED, CREDENTIALS_NOT_ACCEPTED, WRONG_CLOCK

P = ParamSpec("P")
R = TypeVar("R")

DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AllAccessDisabled", "403", "Forbidden"}
)
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
UNKNOWN_KEY = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "AuthFailure",
        "IncompleteSignature",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
    }
)
CLOCK = frozenset({"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"})
THROTTLED_CODES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "SlowDown",
        "PriorRequestNotComplete",
    }
)
_BY_CODE: Mapping[str, FailureClass[AwsError]] = {
    **dict.fromkeys(EXPIRED, CREDENTIALS_EXPIRED),
    **dict.fromkeys(UNKNOWN_KEY, CREDENTIALS_NOT_ACCEPTED),
    **dict.fromkeys(CLOCK, WRONG_CLOCK),
    **dict.fromkeys(THROTTLED_CODES, THROTTLED),
    "OptInRequired": NOT_SWITCHED_ON,
}
# The first row whose classes fit: the order is from the special to the general.
_WAY_THERE: tuple[tuple[tuple[type[BotoCoreError], ...], FailureClass[AwsError]], ...] = (
    ((boto.ProxyConnectionError,), PROXY_SILENT),
    ((boto.SSLError,), CERTIFICATE_NOT_TRUSTED),
    ((boto.EndpointConnectionError, boto.ConnectTimeoutError), NO_WAY_THERE),
    ((boto.HTTPClientError, boto.IncompleteReadError, boto.ConnectionError), BROKEN_OFF),
    ((boto.EndpointProviderError, boto.InvalidRegionError, boto.UnknownRegionError), NO_SUCH_ENDPOINT),
)
_SERVER_ERROR = 500

# Where the permission is spelt otherwise than the operation, or several services have the operation.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_PERMISSIONS = {
    "HeadBucket": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "GetBucketLocation": "s3:GetBucketLocation",
    "LookupEvents": "cloudtrail:LookupEvents",
}
# CloudFormation fetches templates with the caller's rights, and does not say which one is missing.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
_TEMPLATE_DENIED = "S3 error: Access Denied"
_PERFORM = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)(?: on resource:? (\S+))?")


def code_of(error: ClientError) -> str:
    """AWS's error code."""
    return str(error.response.get("Error", {}).get("Code", ""))


def message_of(error: ClientError) -> str:
    """AWS's own words."""
    return str(error.response.get("Error", {}).get("Message", "")) or str(error)


def was_repeated(error: ClientError) -> bool:
    """Whether the SDK had sent the request before and got no answer: an earlier one may have done it."""
    return int(error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)) > 0


def explained(doing: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function that calls AWS: its failures come out as `AwsError`.

    Args:
        doing: what it does, to follow "Can't": `read the stack`.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except (BotoCoreError, ClientError) as error:
                raise explain(error, doing) from error
            except OSError as error:
                # Of files that credentials are read from; what goes wrong on the network is botocore's own.
                raise unreadable_credential_file(error) from error

        call.__dict__["doing"] = doing
        return call

    return wrap


def explain(error: BotoCoreError | ClientError, doing: str) -> AwsError:
    """One message with a mend for whatever botocore raised."""
    if isinstance(error, ClientError):
        return _explain_answer(error, doing)
    return describe_credential_error(error) or _explain_way_there(error, doing)


def _explain_answer(error: ClientError, doing: str) -> AwsError:
    code, told = code_of(error), message_of(error)
    if code in DENIED:
        return _explain_denied(error, doing, code)
    if code in _BY_CODE:
        return _BY_CODE[code](doing=doing, code=code)
    if _http_status(error) >= _SERVER_ERROR:
        return FAULT_OF_AWS(doing=doing, told=told, code=code)
    if told.startswith(_TEMPLATE_DENIED):
        return TEMPLATE_NOT_FETCHED(doing=doing, code=code)
    return AWS_REFUSES(doing=doing, told=told.rstrip("."), code=code)


def _explain_denied(error: ClientError, doing: str, code: str) -> AwsError:
    told = _PERFORM.search(message_of(error))
    permission = told[1] if told else permission_of(error.operation_name)
    return PERMISSION_LACKING(
        doing=doing,
        permission=permission,
        where=f" on {told[2].rstrip('.,')}" if told and told[2] else "",
        why=", an explicit deny" if "explicit deny" in message_of(error) else "",
        option=" --with cloudtrail" if permission.startswith("cloudtrail:") else "",
        code=code,
    )


def permission_of(operation: str) -> str:
    """The permission behind an operation, where AWS does not name it."""
    return _PERMISSIONS.get(operation, f"for {operation}")


def _http_status(error: ClientError) -> int:
    found: Any = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return int(found or 0)


def _explain_way_there(error: BotoCoreError, doing: str) -> AwsError:
    """The request never reached AWS, or its answer never came back."""
    failure = next((failure for kinds, failure in _WAY_THERE if isinstance(error, kinds)), SDK_FAULT)
    return failure(doing=doing, told=str(error).rstrip(". "))
