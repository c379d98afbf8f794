"""The syntax of policy documents, as IAM checks it when one is stored.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from sec_local.iam import principals
from sec_local.iam.wire import Answer, Check, Params, constraint, error, guard, parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["identity", "trust"]

_LONGEST = 131_072
_CHARACTERS = re.compile("[\u0009\u000a\u000d\u0020-\u00ff]+")
_VERSIONS = ("2012-10-17", "2008-10-17")
_TOP = {"Version", "Id", "Statement"}
_STATEMENT = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
}  # fmt: skip
_SYNTAX = "Syntax errors in policy."
_ACTION = re.compile(r"\*|\*:\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+")
_ARN = re.compile(r"arn:[^:]+:[^:]*:[^:]*:[^:]*:.+", re.DOTALL)
_PARTITIONS = re.compile(r"aws(-[a-z0-9-]+)?|\*|.*[*?$].*")

_STRING = ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
           "StringNotLike")  # fmt: skip
_COMPARED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
OPERATORS = frozenset(
    [
        *_STRING, *(f"Numeric{end}" for end in _COMPARED), *(f"Date{end}" for end in _COMPARED), "Bool",
        "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
    ]
)  # fmt: skip
_BY_LOWER_CASE = {operator.lower() for operator in OPERATORS}
_SETS = ("ForAllValues:", "ForAnyValue:")
_IF_EXISTS = "ifexists"


def install() -> None:
    """Guard every action that stores a document."""
    identity = ("PutUserPolicy", "PutGroupPolicy", "PutRolePolicy", "CreatePolicy", "CreatePolicyVersion")
    guard(identity, _check("PolicyDocument", "identity"))
    guard(("CreateRole",), _check("AssumeRolePolicyDocument", "trust"))
    guard(("UpdateAssumeRolePolicy",), _check("PolicyDocument", "trust"))


def _check(name: str, kind: Kind) -> Check:
    def check(params: Params) -> Answer | None:
        text = parameter(params, name)
        if len(text) > _LONGEST:
            return constraint("...", name, f"Member must have length less than or equal to {_LONGEST}")
        if not text:
            return constraint("", name, "Member must have length greater than or equal to 1")
        if not _CHARACTERS.fullmatch(text):
            return constraint(
                "...", name, r"Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+"
            )
        problem = document_problem(text, kind)
        return error("MalformedPolicyDocument", problem) if problem else None

    return check


def document_problem(text: str, kind: Kind) -> str | None:
    """The first thing that IAM would refuse about a document, in its words; None where it is well formed."""
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except ValueError:
        return "This policy contains invalid Json"
    return next(_problems(document, kind), None)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names occur once each, as the grammar wants it.

    Raises:
        ValueError: a name comes twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _problems(document: Any, kind: Kind) -> Iterator[str]:
    if not isinstance(document, dict) or set(document) - _TOP or "Statement" not in document:
        yield _SYNTAX
        return
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        yield "The policy is not in the valid version: " + ", ".join(_VERSIONS)
    statements = _listed(document["Statement"])
    if not statements:
        yield "Syntax errors in policy. The statement list is empty."
    sids = [one["Sid"] for one in statements if isinstance(one, dict) and one.get("Sid")]
    if len(set(map(str, sids))) < len(sids):
        yield "Statement IDs (SID) in a single policy must be unique."
    for statement in statements:
        yield from _statement_problems(statement, kind)


def _statement_problems(statement: Any, kind: Kind) -> Iterator[str]:
    if not isinstance(statement, dict) or set(statement) - _STATEMENT:
        yield _SYNTAX
        return
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield _SYNTAX
    sid = statement.get("Sid", "")
    if not isinstance(sid, str) or not re.fullmatch(r"[A-Za-z0-9]*", sid):
        rule = "Check that your input satisfies the regular expression [0-9A-Za-z]*"
        yield f"Statement IDs (SID) must be alpha-numeric. {rule}, found: {sid}"
    yield from _action_problems(statement, kind)
    yield from _resource_problems(statement, kind)
    yield from _principal_problems(statement, kind)
    yield from _condition_problems(statement.get("Condition", {}))


def _action_problems(statement: dict[str, Any], kind: Kind) -> Iterator[str]:
    if ("Action" in statement) == ("NotAction" in statement):
        yield "Policy statement must contain actions." if "Action" not in statement else _SYNTAX
        return
    actions = _listed(statement.get("Action", statement.get("NotAction")))
    if not actions:
        yield "Policy statement must contain actions."
    for action in actions:
        if not isinstance(action, str):
            yield _SYNTAX
        elif ":" not in action and action != "*":
            yield "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        elif not _ACTION.fullmatch(action):
            yield f"Vendor {action.partition(':')[0]} is not valid" if ":" in action else _SYNTAX
        elif kind == "trust" and not action.lower().startswith("sts:") and action != "*":
            yield "AssumeRole policy may only specify STS AssumeRole actions."


def _resource_problems(statement: dict[str, Any], kind: Kind) -> Iterator[str]:
    stated = [name for name in ("Resource", "NotResource") if name in statement]
    if kind == "trust":
        if stated:
            yield "Has prohibited field Resource."
        return
    if len(stated) != 1:
        yield _SYNTAX if stated else "Policy statement must contain resources."
        return
    resources = _listed(statement[stated[0]])
    if not resources:
        yield "Policy statement must contain resources."
    for resource in resources:
        if not isinstance(resource, str):
            yield _SYNTAX
        elif resource != "*" and not resource.startswith("*") and not _ARN.fullmatch(resource):
            yield f'Resource {resource} must be in ARN format or "*".'
        elif resource.startswith("arn:") and not _PARTITIONS.fullmatch(resource.split(":")[1]):
            yield f'Partition "{resource.split(":")[1]}" is not valid for resource "{resource}".'


def _principal_problems(statement: dict[str, Any], kind: Kind) -> Iterator[str]:
    if kind == "identity":
        if "Principal" in statement or "NotPrincipal" in statement:
            yield "Policy document should not specify a principal."
        return
    if "NotPrincipal" in statement:
        yield "AssumeRole policy must not contain NotPrincipal field."
    elif "Principal" not in statement:
        yield "Missing required field Principal"
    else:
        yield from principals.problems(statement["Principal"])


def _condition_problems(condition: Any) -> Iterator[str]:
    if not isinstance(condition, dict):
        yield _SYNTAX
        return
    for operator, block in condition.items():
        name = operator
        for prefix in _SETS:
            name = name.removeprefix(prefix)
        bare = name.lower().removesuffix(_IF_EXISTS)
        if bare not in _BY_LOWER_CASE or (bare == "null" and bare != name.lower()):
            yield f"Invalid Condition type : {operator}."
        elif not isinstance(block, dict) or not block:
            yield _SYNTAX
        else:
            yield from (
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
                for key in block
                if ":" not in key
            )
            if any(isinstance(one, dict | list) or one is None for values in block.values() for one in _listed(values)):
                yield _SYNTAX


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
