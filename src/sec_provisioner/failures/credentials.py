"""The credentials are not there, not whole, not valid any more. `told` is AWS's or the SDK's own sentence."""

from __future__ import annotations

from sec_provisioner.errors import AwsError
from sec_provisioner.failures.base import SO_FAR, Area, FailureClass

_MISSING = (
    "Name a profile with --profile or AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
    "(in a container: mount ~/.aws at /home/secuser/.aws:ro, or pass them with -e)."
)
_SSO = (
    "Run aws sso login with the same profile on the host, then run again. A container with ~/.aws mounted read-only "
    "can't renew it."
)
_NOTHING = "AWS was not asked for anything."
_TAKEN_UP = "what was begun is taken up"

# --- before the first request -----------------------------------------------------------------------

NO_CREDENTIALS = FailureClass(
    "no-credentials", AwsError, "There are no AWS credentials.", state=_NOTHING, mend=_MISSING
)

INCOMPLETE_CREDENTIALS = FailureClass(
    "incomplete-credentials",
    AwsError,
    "The AWS credentials are incomplete: {told}.",
    state=_NOTHING,
    mend=_MISSING,
)

UNKNOWN_PROFILE = FailureClass(
    "unknown-profile",
    AwsError,
    "{told}.",
    state=_NOTHING,
    mend="aws configure list-profiles shows those that there are (in a container: is ~/.aws mounted?).",
    more="The profile is neither in ~/.aws/config nor in ~/.aws/credentials.",
)

CREDENTIAL_FILE_OF_OTHERS = FailureClass(
    "credential-file-of-others",
    AwsError,
    "Can't read {path} as user id {user}: {reason}.",
    state=SO_FAR,
    mend="Let user id {user} read it; a container started with --user $(id -u) reads what you may read (~/.aws "
    "belongs to you, mode 0600).",
)

CREDENTIAL_FILE_UNREADABLE = FailureClass(
    "credential-file-unreadable",
    AwsError,
    "Can't read {path} as user id {user}: {reason}.",
    state=SO_FAR,
    mend="Check the path: AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONFIG_FILE, or what the profile names.",
)

BROKEN_CREDENTIAL_FILE = FailureClass(
    "broken-credential-file",
    AwsError,
    "{told}.",
    state=_NOTHING,
    mend="Mend the file, or point AWS_CONFIG_FILE at another.",
    more="~/.aws/config or ~/.aws/credentials can't be parsed, or is not where AWS_CONFIG_FILE says.",
)

WRONG_AWS_CONFIG = FailureClass(
    "wrong-aws-config",
    AwsError,
    "The AWS configuration is not valid: {told}.",
    state=_NOTHING,
    mend="Mend the profile in ~/.aws/config.",
)

MFA_WITHOUT_TERMINAL = FailureClass(
    "mfa-without-terminal",
    AwsError,
    "The profile {profile} needs an MFA code, and there is no terminal to type it into.",
    state=_NOTHING,
    mend="Run it on a terminal (docker run -it), or take a session first: aws sts assume-role ... --token-code, and "
    "pass its credentials in the environment.",
)

# --- at the first request, or half-way --------------------------------------------------------------

SSO_ENDED = FailureClass(
    "sso-ended", AwsError, "The SSO session has expired, or there was none.", state=SO_FAR, mend=_SSO
)

SSO_NOT_RENEWED = FailureClass(
    "sso-not-renewed", AwsError, "The SSO token can't be renewed: {told}.", state=SO_FAR, mend=_SSO
)

LOGIN_ENDED = FailureClass(
    "login-ended",
    AwsError,
    "The login session is not valid: {told}.",
    state=SO_FAR,
    mend=f"Run aws login, then run again; {_TAKEN_UP}.",
)

MFA_SESSION_ENDED = FailureClass(
    "mfa-session-ended",
    AwsError,
    "The session has ended and needs an MFA code to be renewed.",
    state=SO_FAR,
    mend=f"Run again and give a new code; {_TAKEN_UP}.",
)

CREDENTIALS_NOT_FETCHED = FailureClass(
    "credentials-not-fetched",
    AwsError,
    "The credentials can't be fetched: {told}.",
    state=SO_FAR,
    mend="Check the credential process, web identity token, container or instance role behind the profile.",
)

CREDENTIALS_EXPIRED = FailureClass(
    "credentials-expired",
    AwsError,
    "The AWS credentials have expired.",
    state=SO_FAR,
    mend=f"Renew them (aws sso login, aws login, or new keys) and run again; {_TAKEN_UP}.",
    more="Half-way through a deployment CloudFormation goes on without them: renew them and run deploy --wait. "
    "Half-way through delete-stack, members that were taken out can't be put back with expired credentials: renew "
    "them and run restore-members, which reads the saved file.",
)

CREDENTIALS_NOT_ACCEPTED = FailureClass(
    "credentials-not-accepted",
    AwsError,
    "AWS does not accept the credentials ({code}).",
    state=SO_FAR,
    mend="Check the access key and its secret: aws sts get-caller-identity must work with the same profile.",
)

WRONG_CLOCK = FailureClass(
    "wrong-clock",
    AwsError,
    "AWS refuses the request's time ({code}).",
    state=SO_FAR,
    mend="Set this machine's clock right and run again.",
)

AREA = Area(
    "Credentials",
    "They are looked for before anything is asked of AWS, and can expire half-way: then CloudFormation goes on by "
    "itself, and the next run goes on from what is there.",
    (
        NO_CREDENTIALS,
        INCOMPLETE_CREDENTIALS,
        UNKNOWN_PROFILE,
        CREDENTIAL_FILE_OF_OTHERS,
        CREDENTIAL_FILE_UNREADABLE,
        BROKEN_CREDENTIAL_FILE,
        WRONG_AWS_CONFIG,
        MFA_WITHOUT_TERMINAL,
        SSO_ENDED,
        SSO_NOT_RENEWED,
        LOGIN_ENDED,
        MFA_SESSION_ENDED,
        CREDENTIALS_NOT_FETCHED,
        CREDENTIALS_EXPIRED,
        CREDENTIALS_NOT_ACCEPTED,
        WRONG_CLOCK,
    ),
)
