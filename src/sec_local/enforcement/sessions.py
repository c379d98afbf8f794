"""What temporary credentials can't be used for, whatever their policies say, and what can't be policies of theirs.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.enforcement.caller import Caller
from sec_local.iam.documents import document_problem
from sec_local.iam.wire import parameter

if TYPE_CHECKING:
    from sec_local.call import Call

_SESSION_CALLS = ("GetSessionToken", "GetFederationToken")
_STS_OF_SESSION_TOKENS = ("AssumeRole", "GetCallerIdentity")
_STS_OF_FEDERATED = ("GetCallerIdentity",)


def beyond_session(call: Call, caller: Caller) -> str | None:
    """Why the caller's kind of credentials does not do for this call; None where it does."""
    refused = {
        "": False,
        "assumed-role": call.service == "sts" and call.operation in _SESSION_CALLS,
        "session-token": (call.service == "sts" and call.operation not in _STS_OF_SESSION_TOKENS)
        or (call.service == "iam" and not caller.has_mfa),
        "federated": (call.service == "sts" and call.operation not in _STS_OF_FEDERATED) or call.service == "iam",
    }[caller.session]
    return f"Cannot call {call.operation} with session credentials" if refused else None


def session_policy_problem(call: Call) -> str | None:
    """What IAM would refuse about the policy that a session is to have; None where it is well formed or not given."""
    text = parameter(call.form, "Policy") if call.service == "sts" else ""
    return document_problem(text, "identity") if text else None
