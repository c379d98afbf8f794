"""What can be wrong with credentials before a request is even sent, each with its mend."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError

from sec_provisioner.errors import AwsError

_MISSING = (
    "Name a profile with --profile or AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
    "(in a container: mount ~/.aws at /home/secuser/.aws:ro, or pass them with -e)."
)


def no_credentials() -> AwsError:
    """None of the places where AWS credentials can be has any."""
    return AwsError("There are no AWS credentials.", _MISSING, code="NoCredentials")


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
    message = f"Can't read {path} as user id {user}: {reason}."
    if isinstance(error, PermissionError):
        hint = (
            f"Let user id {user} read it; a container started with --user $(id -u) reads what you may read "
            "(~/.aws belongs to you, mode 0600)."
        )
    else:
        hint = "Check the path: AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONFIG_FILE, or what the profile names."
    return AwsError(message, hint, code=type(error).__name__)


def mfa_without_terminal(profile: str) -> AwsError:
    """A profile asks for an MFA code and nobody is there to type it."""
    return AwsError(
        f"The profile {profile} needs an MFA code, and there is no terminal to type it into.",
        "Run it on a terminal (docker run -it), or take a session first: aws sts assume-role ... --token-code, "
        "and pass its credentials in the environment.",
        code="MfaRequired",
    )


_SSO = (boto.UnauthorizedSSOTokenError, boto.SSOTokenLoadError, boto.SSOError)
_BROKEN_FILE = (boto.ConfigParseError, boto.ConfigNotFound)
_SSO_HINT = (
    "Run aws sso login with the same profile on the host. A container with ~/.aws mounted read-only can't renew it."
)

# The first row whose classes fit; {error} is botocore's own sentence.
_ROWS: tuple[tuple[tuple[type[BotoCoreError], ...], str, str], ...] = (
    ((boto.NoCredentialsError, boto.NoAuthTokenError), "There are no AWS credentials", _MISSING),
    ((boto.PartialCredentialsError,), "The AWS credentials are incomplete: {error}", _MISSING),
    (
        (boto.ProfileNotFound,),
        "{error}",
        "aws configure list-profiles shows those that there are (in a container: is ~/.aws mounted?).",
    ),
    (_SSO, "The SSO session has expired, or there was none", _SSO_HINT),
    ((boto.TokenRetrievalError,), "The SSO token can't be renewed: {error}", _SSO_HINT),
    ((boto.LoginError,), "The login session is not valid: {error}", "Run aws login, then run again."),
    (
        (boto.RefreshWithMFAUnsupportedError,),
        "The session has ended and needs an MFA code to be renewed",
        "Run again and give a new code.",
    ),
    (
        (boto.CredentialRetrievalError, boto.MetadataRetrievalError),
        "The credentials can't be fetched: {error}",
        "Check the credential process, web identity token, container or instance role behind the profile.",
    ),
    (_BROKEN_FILE, "{error}", "Mend the file, or point AWS_CONFIG_FILE at another."),
    (
        (boto.InvalidConfigError, boto.UnknownCredentialError, boto.MissingDependencyException),
        "The AWS configuration is not valid: {error}",
        "Mend the profile in ~/.aws/config.",
    ),
)


def describe_credential_error(error: BotoCoreError) -> AwsError | None:
    """The message for a failure of the credentials; None where it is about something else."""
    for kinds, message, hint in _ROWS:
        if isinstance(error, kinds):
            sentence = message.format(error=error).rstrip(". ") + "."
            return AwsError(sentence, hint, code=type(error).__name__)
    return None
