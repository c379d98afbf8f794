"""What can be wrong with credentials before a request is even sent, each with its mend."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError

from sec_provisioner.errors import AwsError
from sec_provisioner.failures.base import FailureClass
from sec_provisioner.failures.credentials import (
    BROKEN_CREDENTIAL_FILE,
    CREDENTIAL_FILE_OF_OTHERS,
    CREDENTIAL_FILE_UNREADABLE,
    CREDENTIALS_NOT_FETCHED,
    INCOMPLETE_CREDENTIALS,
    LOGIN_ENDED,
    MFA_SESSION_ENDED,
    MFA_WITHOUT_TERMINAL,
    NO_CREDENTIALS,
    SSO_ENDED,
    SSO_NOT_RENEWED,
    UNKNOWN_PROFILE,
    WRONG_AWS_CONFIG,
)


def no_credentials() -> AwsError:
    """None of the places where AWS credentials can be has any."""
    return NO_CREDENTIALS(code="NoCredentials")


def unreadable_files(paths: Iterable[str]) -> AwsError | None:
    """AWS configuration that is there and that this user may not read: botocore passes over it without a word."""
    for path in (Path(one).expanduser() for one in paths):
        with suppress(FileNotFoundError, NotADirectoryError):
            try:
                path.open("rb").close()
            except IsADirectoryError:
                continue
            except PermissionError as error:
                return unreadable_credential_file(error)
    return None


def unreadable_credential_file(error: OSError) -> AwsError:
    """A file that credentials come from can't be read: a web identity token, ~/.aws under another user id."""
    path, user = Path(str(error.filename)), os.geteuid()
    reason = (error.strerror or str(error)).lower()
    code = type(error).__name__
    if isinstance(error, PermissionError):
        return CREDENTIAL_FILE_OF_OTHERS(path=path, user=user, reason=reason, code=code)
    return CREDENTIAL_FILE_UNREADABLE(path=path, user=user, reason=reason, code=code)


def mfa_without_terminal(profile: str) -> AwsError:
    """A profile asks for an MFA code and nobody is there to type it."""
    return MFA_WITHOUT_TERMINAL(profile=profile, code="MfaRequired")


# The first row whose classes fit.
_ROWS: tuple[tuple[tuple[type[BotoCoreError], ...], FailureClass[AwsError]], ...] = (
    ((boto.NoCredentialsError, boto.NoAuthTokenError), NO_CREDENTIALS),
    ((boto.PartialCredentialsError,), INCOMPLETE_CREDENTIALS),
    ((boto.ProfileNotFound,), UNKNOWN_PROFILE),
    ((boto.UnauthorizedSSOTokenError, boto.SSOTokenLoadError, boto.SSOError), SSO_ENDED),
    ((boto.TokenRetrievalError,), SSO_NOT_RENEWED),
    ((boto.LoginError,), LOGIN_ENDED),
    ((boto.RefreshWithMFAUnsupportedError,), MFA_SESSION_ENDED),
    ((boto.CredentialRetrievalError, boto.MetadataRetrievalError), CREDENTIALS_NOT_FETCHED),
    ((boto.ConfigParseError, boto.ConfigNotFound), BROKEN_CREDENTIAL_FILE),
    ((boto.InvalidConfigError, boto.UnknownCredentialError, boto.MissingDependencyException), WRONG_AWS_CONFIG),
)


def describe_credential_error(error: BotoCoreError) -> AwsError | None:
    """The message for a failure of the credentials; None where it is about something else."""
    for kinds, failure in _ROWS:
        if isinstance(error, kinds):
            return failure(told=str(error).rstrip(". "), code=type(error).__name__)
    return None
