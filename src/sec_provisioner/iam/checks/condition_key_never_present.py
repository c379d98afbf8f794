"""`condition-key-never-present`: a condition key that no request for the statement's actions carries.

A positive operator on such a key makes the statement dead, a negated one makes the condition idle.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.checks.known_actions import known_actions
from sec_provisioner.iam.condition_key import key_matches
from sec_provisioner.iam.document import Condition, Statement
from sec_provisioner.iam.global_keys import BY_ACTION, IN_ANY_REQUEST
from sec_provisioner.iam.nearest import nearest
from sec_provisioner.iam.operators import Family, Operator
from sec_provisioner.iam.reference import Action, Reference
from sec_provisioner.problem import Confidence, Severity

_GLOBAL = tuple(key.name for key in (*IN_ANY_REQUEST, *BY_ACTION))
_LEAVE_OUT = "Leave it out, or take a key that the service's page lists for these actions."
_ANYWHERE = tuple(key.name for key in IN_ANY_REQUEST)


def _find(statement: Statement, context: Context) -> Iterator[Finding]:
    for condition in statement.conditions:
        if _fits_any(condition.key, _ANYWHERE):
            continue
        reason = _reason(condition.key, statement, context)
        if reason:
            path = ("Condition", condition.operator, condition.key)
            message, hint, confidence = reason
            yield Finding(path, f"{message} {_consequence(condition)}", hint, confidence)


def _reason(key: str, statement: Statement, context: Context) -> tuple[str, str, Confidence | None] | None:
    """Why the key is never there, what was meant and how sure that is, or None where it may be there."""
    documented = _documented(key, context.reference)
    if documented is None:
        return None
    if not _fits_any(key, documented):
        near = nearest(key, documented)
        message = f"AWS's reference of {context.reference.date} has no condition key {key!r}."
        return message, f"Did you mean {near}?" if near else _LEAVE_OUT, None
    actions = known_actions(statement, context)
    if actions is None or any(_fits_any(key, action.condition_keys) for action in actions):
        return None
    if any(_fits_any(key, _loose_keys(action, context.reference)) for action in actions):
        return None
    # The lists of a service's own keys have gaps; a key of another service is out of place for sure.
    own = any(action.name.startswith(f"{key.partition(':')[0]}:") for action in actions)
    confidence = Confidence.LOW if own else None
    return f"No action of the statement has the condition key {key!r}.", _LEAVE_OUT, confidence


def _documented(key: str, reference: Reference) -> tuple[str, ...] | None:
    """The keys that there are under the prefix of a key.

    None where it is no service's, as with the keys of identity providers, which the session carries everywhere.
    """
    prefix = key.partition(":")[0].lower()
    if prefix == "aws":
        return _GLOBAL
    service = reference.service(prefix)
    return tuple(one.name for one in service.condition_keys) if service else None


def _loose_keys(action: Action, reference: Reference) -> tuple[str, ...]:
    service = reference.service(action.name.partition(":")[0])
    return service.loose_condition_keys if service else ()


def _fits_any(key: str, templates: Iterable[str]) -> bool:
    return any(key_matches(template, key) for template in templates)


def _consequence(condition: Condition) -> str:
    operator = Operator.parse(condition.operator)
    if operator is None or operator.base.family is Family.NULL:
        return "It is always absent."
    if operator.holds_when_absent:
        return "The condition is always met and restricts nothing."
    return "The statement never applies."


CHECK = Check("condition-key-never-present", Severity.WARNING, _find, Confidence.MEDIUM)
