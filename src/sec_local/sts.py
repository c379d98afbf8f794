"""What AssumeRole refuses whoever asks: a role that is not there, a session that is too long, a policy that is none.

A session lasts as long as the role's MaxSessionDuration at most, one hour where roles are chained.
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.faults import answer_with_error
from sec_local.iam.last_used import assumed_role

if TYPE_CHECKING:
    from sec_local.call import Call, Response

_SHORTEST, _CHAINED = 900, 3600


async def answer(call: Call) -> Response | None:
    """The gateway's stage."""
    if call.service != "sts" or not call.operation.startswith("AssumeRole"):
        return None
    if assumed_role(call) is None:
        arn = call.form.get("RoleArn", [""])[0]
        message = f"User: {_caller(call)} is not authorized to perform: sts:{call.operation} on resource: {arn}"
        return answer_with_error(call, "AccessDenied", message, 403)
    if problem := _problem(call, call.form.get("DurationSeconds", [""])[0]):
        return answer_with_error(call, "ValidationError", problem, 400)
    return _judge_policy(call, call.form.get("Policy", [""])[0])


def _judge_policy(call: Call, policy: str) -> Response | None:
    from sec_local.iam.documents import document_problem  # noqa: PLC0415 - few sessions have one

    malformed = document_problem(policy, "identity") if policy else None
    return answer_with_error(call, "MalformedPolicyDocument", malformed, 400) if malformed else None


def _caller(call: Call) -> str:
    from ministack.core import iam_evaluator, responses  # noqa: PLC0415 - MiniStack is imported on first use

    responses.set_request_account_id(call.access_key)
    found = iam_evaluator.resolve_caller_identity(call.access_key) or {}
    return str(found.get("userArn") or f"arn:aws:iam::{responses.get_account_id()}:root")


def _problem(call: Call, text: str) -> str | None:
    if not text:
        return None
    if not text.isdigit() or int(text) < _SHORTEST:
        return (
            f"1 validation error detected: Value '{text}' at 'durationSeconds' failed to satisfy constraint: "
            f"Member must have value greater than or equal to {_SHORTEST}"
        )
    if call.access_key.startswith("ASIA") and int(text) > _CHAINED:
        return "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    role = assumed_role(call)
    if role is not None and int(text) > role.get("MaxSessionDuration", _CHAINED):
        return "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    return None
