"""The gateway's stage: nobody does what they may not.

Authentication first (whose key is it, is the session over), then authorization, need by need; what is wrong with a
request is told to those who may make it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sec_local import cloudtrail, extensions
from sec_local.enforcement import mfa
from sec_local.enforcement.authorize import judge, refusal_text
from sec_local.enforcement.caller import Caller, Unknown, caller_of
from sec_local.enforcement.needs import needs_of
from sec_local.enforcement.request_context import keys_of_call
from sec_local.enforcement.sessions import beyond_session, session_policy_problem
from sec_local.faults import answer_with_error

if TYPE_CHECKING:
    from sec_local.call import Call, Response

_OURS = ("iam", "sts", "cloudformation", "ssm", "s3", "cloudtrail")
_UNSIGNED = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")
_S3_CODES = {"InvalidClientTokenId": "InvalidAccessKeyId"}
_STATUSES = {
    "s3": {"ExpiredToken": 400},
    "ssm": dict.fromkeys(("AccessDenied", "InvalidClientTokenId", "ExpiredToken"), 400),
}
"""Where a service's status is not 403."""


def answer(call: Call) -> Response | None:
    """The refusal; None where everything that the call needs is allowed."""
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use

    for service in ("iam", call.service):
        extensions.ensure(service)
    caller = caller_of(call)
    responses.set_request_region(call.region)
    refused = _unknown(call, caller) if isinstance(caller, Unknown) else _unauthorized(call, caller)
    if refused:
        cloudtrail.note(call, refused[0], refused[2])
    return refused


def _unknown(call: Call, caller: Unknown) -> Response:
    return _refuse(call, caller.code, caller.message)


def _unauthorized(call: Call, caller: Caller) -> Response | None:
    if caller.principal.kind == "anonymous" and call.service != "s3" and call.operation not in _UNSIGNED:
        return _refuse(call, "MissingAuthenticationToken", "Request is missing Authentication Token")
    problem = beyond_session(call, caller) or mfa.problem(call, caller)
    if problem:
        return _refuse(call, "AccessDenied", problem)
    malformed = session_policy_problem(call)
    if malformed:
        return answer_with_error(call, "MalformedPolicyDocument", malformed, 400)
    keys = keys_of_call(call)
    for need in needs_of(call, caller):
        decision = judge(need, caller, keys)
        if not decision.is_allowed and need.refusal:
            return answer_with_error(call, *need.refusal)
        if not decision.is_allowed:
            text = refusal_text(need, caller, decision, quoted=call.service == "s3")
            return _refuse(call, "AccessDenied", text)
    return None


def _refuse(call: Call, code: str, message: str) -> Response:
    if call.service not in _OURS:
        return _refuse_elsewhere(call, code, message)
    status = _STATUSES.get(call.service, {}).get(code, 403)
    return answer_with_error(call, _S3_CODES.get(code, code) if call.service == "s3" else code, message, status)


def _refuse_elsewhere(call: Call, code: str, message: str) -> Response:
    """In the protocol of a service that only MiniStack knows."""
    from ministack.core.iam_actions import access_denied_response  # noqa: PLC0415 - MiniStack is imported on first use

    given = "" if code == "AccessDenied" else code
    response: Response = access_denied_response(
        call.service, "", "", str(uuid4()), error_code=given, message=message, headers=call.headers
    )
    return response
