"""How long a session may last: the role's MaxSessionDuration, one hour where roles are chained.

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
    """The gateway's stage: ValidationError for a session that would last too long or too short."""
    if call.service != "sts" or not call.operation.startswith("AssumeRole"):
        return None
    problem = _problem(call, call.form.get("DurationSeconds", [""])[0])
    return answer_with_error(call, "ValidationError", problem, 400) if problem else None


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
