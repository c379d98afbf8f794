"""Every quota that AWS sets on what a template makes, counted as AWS counts.

One pure function over the template's value, so that a generated template and one from a file are held against the
same limits: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sec_provisioner.iam.size import document_size
from sec_provisioner.naming import GROUP_NAME_LIMIT, POLICY_NAME_LIMIT, ROLE_NAME_LIMIT, SWITCH_ROLE_NAME_LIMIT
from sec_provisioner.policies import MANAGED_POLICY_SIZE, follows_from_config
from sec_provisioner.problem import Severity
from sec_provisioner.template.functions import Resolver, UnresolvedError

GROUP_INLINE_SIZE = 5_120
ROLE_INLINE_SIZE = 10_240
PATH_LIMIT = 512
DESCRIPTION_LIMIT = 1_000
TAG_LIMIT = 50
TAG_KEY_LIMIT, TAG_VALUE_LIMIT = 128, 256
SESSION_RANGE = (3_600, 43_200)
RESOURCE_LIMIT = 500
OUTPUT_LIMIT = 200
TEMPLATE_BYTES = 1_048_576
PARAMETER_NAME_LIMIT, PARAMETER_VALUE_LIMIT = 1_011, 4_096
# Room for attachments that users or other teams make by hand, out of ten.
ATTACHMENTS_ADVISED = 8

_NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
_DESCRIPTION = re.compile("[\t\n\r\x20-\x7e\xa1-\xff]*")


@dataclass(frozen=True)
class Quotas:
    """The quotas that AWS raises on request."""

    role_attached_policies: int = 10
    group_attached_policies: int = 10
    role_trust_policy: int = 2_048


@dataclass(frozen=True)
class LimitFinding:
    """A limit that is not kept. `logical_id` and `path` are empty for what concerns the template as a whole."""

    id: str
    severity: Severity
    logical_id: str
    path: str
    message: str
    hint: str


def check_limits(body: Mapping[str, Any], resolver: Resolver, quotas: Quotas) -> Iterator[LimitFinding]:
    """Hold a whole template against the quotas. What only AWS can work out is measured by nobody here."""
    yield from _template_limits(body)
    for logical_id, resource in body.get("Resources", {}).items():
        check = _BY_TYPE.get(resource.get("Type"))
        if check is None:
            continue
        one = _Properties(logical_id, resource.get("Properties", {}), resolver, quotas)
        yield from check(one)


class _Properties:
    """The properties of one resource, worked out where that can be done offline."""

    def __init__(self, logical_id: str, raw: Mapping[str, Any], resolver: Resolver, quotas: Quotas) -> None:
        self.logical_id = logical_id
        self.raw = raw
        self.quotas = quotas
        self._resolver = resolver

    def get(self, key: str, default: Any) -> Any:
        try:
            return self._resolver.resolve(self.raw.get(key, default))
        except UnresolvedError:
            return default

    def error(self, kind: str, path: str, message: str, hint: str) -> LimitFinding:
        return LimitFinding(kind, Severity.ERROR, self.logical_id, path, message, hint)

    def warning(self, kind: str, path: str, message: str, hint: str) -> LimitFinding:
        return LimitFinding(kind, Severity.WARNING, self.logical_id, path, message, hint)


def _template_limits(body: Mapping[str, Any]) -> Iterator[LimitFinding]:
    def too_much(kind: str, what: str, count: int, limit: int, hint: str) -> Iterator[LimitFinding]:
        if count > limit:
            message = f"The template has {count:,} {what}; CloudFormation takes {limit:,}."
            yield LimitFinding(kind, Severity.ERROR, "", "", message, hint)

    fewer = "Enable fewer groups and roles, or spread them over two tenants."
    yield from too_much("too-many-resources", "resources", len(body.get("Resources", {})), RESOURCE_LIMIT, fewer)
    yield from too_much("too-many-outputs", "outputs", len(body.get("Outputs", {})), OUTPUT_LIMIT, fewer)
    size = len(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode())
    yield from too_much("template-too-large", "bytes", size, TEMPLATE_BYTES, fewer)


def _group(one: _Properties) -> Iterator[LimitFinding]:
    yield from _name(one, "GroupName", GROUP_NAME_LIMIT)
    yield from _attachments(one, one.quotas.group_attached_policies, "group")
    yield from _inline_sum(one, GROUP_INLINE_SIZE, "group")


def _role(one: _Properties) -> Iterator[LimitFinding]:
    yield from _name(one, "RoleName", ROLE_NAME_LIMIT)
    yield from _switch_role(one)
    yield from _attachments(one, one.quotas.role_attached_policies, "role")
    yield from _inline_sum(one, ROLE_INLINE_SIZE, "role")
    yield from _trust(one)
    yield from _session(one)
    yield from _description(one)
    yield from _tags(one, {tag["Key"]: tag["Value"] for tag in one.get("Tags", [])})


def _policy(one: _Properties) -> Iterator[LimitFinding]:
    yield from _name(one, "ManagedPolicyName", POLICY_NAME_LIMIT)
    size = document_size(one.get("PolicyDocument", {}))
    if size > MANAGED_POLICY_SIZE:
        message = (
            f"The policy has {size:,} characters without white space; a managed policy takes {MANAGED_POLICY_SIZE:,}."
        )
        yield one.error("managed-policy-too-large", "PolicyDocument", message, "Split it into two policies.")


def _parameter(one: _Properties) -> Iterator[LimitFinding]:
    name, value = str(one.get("Name", "")), str(one.get("Value", ""))
    if len(name) > PARAMETER_NAME_LIMIT:
        message = f"The parameter's name has {len(name):,} characters; SSM takes {PARAMETER_NAME_LIMIT:,}."
        yield one.error("name-too-long", "Name", message, "Shorten the key it is made from.")
    if len(value) > PARAMETER_VALUE_LIMIT:
        message = f"The parameter's value has {len(value):,} characters; SSM takes {PARAMETER_VALUE_LIMIT:,}."
        yield one.error("value-too-long", "Value", message, "Shorten it.")
    yield from _tags(one, one.get("Tags", {}))


_BY_TYPE = {
    "AWS::IAM::Group": _group,
    "AWS::IAM::Role": _role,
    "AWS::IAM::ManagedPolicy": _policy,
    "AWS::SSM::Parameter": _parameter,
}


def _name(one: _Properties, key: str, limit: int) -> Iterator[LimitFinding]:
    name = str(one.get(key, ""))
    if len(name) > limit:
        message = f"{name} has {len(name)} characters; IAM takes {limit}."
        yield one.error("name-too-long", key, message, f"Shorten it by {len(name) - limit}.")
    if name and not _NAME.fullmatch(name):
        message = f"{name!r} holds characters that IAM does not take in a name."
        yield one.error("bad-name", key, message, "Letters, digits and +=,.@_- are possible.")
    path = str(one.get("Path", "/"))
    if len(path) > PATH_LIMIT:
        yield one.error("path-too-long", "Path", f"The path has {len(path)} characters; IAM takes {PATH_LIMIT}.", "")


def _switch_role(one: _Properties) -> Iterator[LimitFinding]:
    name, trust = str(one.get("RoleName", "")), json.dumps(one.get("AssumeRolePolicyDocument", {}))
    if SWITCH_ROLE_NAME_LIMIT < len(name) <= ROLE_NAME_LIMIT and '"AWS"' in trust:
        message = (
            f"{name} has {len(name)} characters: too long for the console's switch-role form, which counts the path."
        )
        yield one.warning("switch-role-name", "RoleName", message, f"Keep it within {SWITCH_ROLE_NAME_LIMIT}.")


def _attachments(one: _Properties, quota: int, kind: str) -> Iterator[LimitFinding]:
    arns = one.raw.get("ManagedPolicyArns", [])
    last = f"ManagedPolicyArns[{len(arns) - 1}]"
    name = one.get("GroupName" if kind == "group" else "RoleName", "")
    whose = f"The {kind} {name}" if name else f"The {kind}"
    if len(arns) > quota:
        message = f"{whose} would have {len(arns)} attached policies; the quota is {quota}."
        hint = f"Drop {len(arns) - quota} of {_short_names(one)}. Parts of a split level count one each."
        yield one.error("too-many-attachments", last, message, hint)
    elif len(arns) > ATTACHMENTS_ADVISED:
        message = f"{whose} would have {len(arns)} attached policies out of {quota}."
        hint = f"Keep to {ATTACHMENTS_ADVISED}, so that there is room for others: {_short_names(one)} are attached."
        yield one.warning("many-attachments", last, message, hint)


def _short_names(one: _Properties) -> str:
    """The attached policies without the beginning that all of the stack's own share."""
    names = [str(arn).rpartition(":policy/")[2] for arn in one.get("ManagedPolicyArns", [])]
    raw = one.raw.get("ManagedPolicyArns", [])
    own = [name for arn, name in zip(raw, names, strict=False) if isinstance(arn, Mapping) and "Ref" in arn]
    words = zip(*(name.split("-") for name in own), strict=False) if len(own) > 1 else ()
    shared = "".join(f"{word[0]}-" for word in takewhile(lambda word: len({*word}) == 1, words))
    return ", ".join(name.removeprefix(shared) for name in names) or "them"


def _inline_sum(one: _Properties, limit: int, kind: str) -> Iterator[LimitFinding]:
    documents = [policy["PolicyDocument"] for policy in one.get("Policies", [])]
    total = sum(map(document_size, documents))
    if total > limit:
        named = ", ".join(f"{name} ({size:,})" for name, size in _to_shorten(documents))
        message = f"The inline policies of the {kind} have {total:,} characters together; IAM takes {limit:,}."
        hint = f"All inline policies share that sum, so splitting does not help. Shorten the longest: {named}."
        yield one.error("inline-policies-too-large", "Policies[0].PolicyDocument", message, hint)


def _to_shorten(documents: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """The three longest statements with their sizes: those that somebody wrote before those that we made."""
    sizes = [
        (str(statement.get("Sid", f"statement {number}")), document_size(statement))
        for document in documents
        for number, statement in enumerate(_as_list(document.get("Statement", [])), 1)
    ]
    return sorted(sizes, key=lambda one: (follows_from_config(one[0]), -one[1]))[:3]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _trust(one: _Properties) -> Iterator[LimitFinding]:
    size = document_size(one.get("AssumeRolePolicyDocument", {}))
    quota = one.quotas.role_trust_policy
    if size > quota:
        message = f"The trust policy has {size:,} characters without white space; the quota is {quota:,}."
        hint = "Trust fewer roles by name, or state the raised quota in deployment.quotas.role_trust_policy."
        yield one.error("trust-policy-too-large", "AssumeRolePolicyDocument", message, hint)


def _session(one: _Properties) -> Iterator[LimitFinding]:
    seconds, (least, most) = one.get("MaxSessionDuration", SESSION_RANGE[0]), SESSION_RANGE
    if isinstance(seconds, int) and not least <= seconds <= most:
        message = f"A session of {seconds:,} seconds is outside {least:,} to {most:,}."
        yield one.error("session-duration", "MaxSessionDuration", message, "Give seconds: one hour is 3600.")


def _description(one: _Properties) -> Iterator[LimitFinding]:
    text = str(one.get("Description", ""))
    if len(text) > DESCRIPTION_LIMIT:
        message = f"The description has {len(text):,} characters; IAM takes {DESCRIPTION_LIMIT:,}."
        yield one.error("description-too-long", "Description", message, "Shorten it.")
    if not _DESCRIPTION.fullmatch(text):
        bad = next(letter for letter in text if not _DESCRIPTION.fullmatch(letter))
        message = f"The description holds {bad!r}, which IAM does not take."
        yield one.error(
            "bad-description", "Description", message, "Letters of Latin-1 are possible, plain quotes, no dash but '-'."
        )


def _tags(one: _Properties, tags: Mapping[str, str]) -> Iterator[LimitFinding]:
    if len(tags) > TAG_LIMIT:
        message = f"There are {len(tags)} tags, with the tool's own; AWS takes {TAG_LIMIT}."
        yield one.error("too-many-tags", "Tags", message, "Leave some out.")
    for key, value in tags.items():
        if len(key) > TAG_KEY_LIMIT or len(str(value)) > TAG_VALUE_LIMIT:
            message = f"The tag {key[:40]} is too long: {TAG_KEY_LIMIT} for a key, {TAG_VALUE_LIMIT} for a value."
            yield one.error("tag-too-long", "Tags", message, "Shorten it.")
