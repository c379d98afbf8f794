"""What AWS, the credentials or the network say -> one message of ours with a mend. Never a traceback.

Every function of this package that calls AWS is wrapped by `explained`, so nothing of botocore leaves the package.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from sec_provisioner.aws.credential_errors import describe_credential_error, unreadable_credential_file
from sec_provisioner.errors import AwsError

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
THROTTLED = frozenset(
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
    code = code_of(error)
    if code in DENIED:
        return _explain_denied(error, doing, code)
    if code in EXPIRED:
        message, hint = (
            "The AWS credentials have expired.",
            "Renew them (aws sso login, aws login, or new keys) and run again.",
        )
    elif code in UNKNOWN_KEY:
        message = f"AWS does not accept the credentials ({code})."
        hint = "Check the access key and its secret: aws sts get-caller-identity must work with the same profile."
    elif code in CLOCK:
        message, hint = f"AWS refuses the request's time ({code}).", "Set this machine's clock right and run again."
    elif code in THROTTLED:
        message = f"Can't {doing}: AWS still throttles after all retries ({code})."
        hint = "Run again in some minutes; what was begun is taken up."
    elif _http_status(error) >= _SERVER_ERROR:
        message = f"Can't {doing}: AWS has a fault of its own, also after all retries ({code}: {message_of(error)})."
        hint = "Look at https://health.aws.amazon.com and run again; what was begun is taken up."
    elif code == "OptInRequired":
        message = f"Can't {doing}: the account has not switched on this service or region."
        hint = "Enable the region in the account's settings."
    elif message_of(error).startswith(_TEMPLATE_DENIED):
        message = (
            f"Can't {doing}: CloudFormation can't fetch the template from the bucket: the credentials lack "
            "s3:GetObject or s3:GetObjectVersion on it, or kms:Decrypt on the bucket's key."
        )
        hint = "export-iam-policy writes the policy that the operator of this tool needs."
    else:
        message, hint = f"Can't {doing}: {message_of(error)} ({code})", "The log has the details."
    return AwsError(message, hint, code=code)


def _explain_denied(error: ClientError, doing: str, code: str) -> AwsError:
    told = _PERFORM.search(message_of(error))
    permission = told[1] if told else permission_of(error.operation_name)
    where = f" on {told[2].rstrip('.,')}" if told and told[2] else ""
    why = ", an explicit deny" if "explicit deny" in message_of(error) else ""
    option = " --with cloudtrail" if permission.startswith("cloudtrail:") else ""
    return AwsError(
        f"Can't {doing}: the credentials lack the permission {permission}{where}{why}.",
        f"export-iam-policy{option} writes the policy that the operator of this tool needs.",
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
    match error:
        case boto.ProxyConnectionError():
            return AwsError(f"Can't {doing}: the proxy does not answer ({error}).", "Check HTTPS_PROXY and NO_PROXY.")
        case boto.SSLError():
            return AwsError(
                f"Can't {doing}: the TLS certificate is not trusted ({error}).",
                "Behind a proxy with its own certificate authority set AWS_CA_BUNDLE to its file.",
            )
        case boto.EndpointConnectionError() | boto.ConnectTimeoutError():
            return AwsError(
                f"Can't {doing}: {error}".rstrip(". ") + ".",
                "Check the network, the region and --endpoint-url (AWS_ENDPOINT_URL).",
            )
        case boto.HTTPClientError() | boto.IncompleteReadError() | boto.ConnectionError():
            return AwsError(
                f"Can't {doing}: the connection broke off ({error}).", "Run again; what was begun is taken up."
            )
        case boto.EndpointProviderError() | boto.InvalidRegionError() | boto.UnknownRegionError():
            return AwsError(
                f"Can't {doing}: {error}".rstrip(". ") + ".", "Check environment.region and --endpoint-url."
            )
        case _:
            return AwsError(f"Can't {doing}: {error}".rstrip(". ") + ".", "The log has the details.")
