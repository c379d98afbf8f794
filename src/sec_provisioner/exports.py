"""Built -> what the exports write: groups, roles and policies as JSON values, every function worked out.

They are read off the template, so that what is reviewed is what would be deployed. Nothing in them changes by
itself: no version, no time.
"""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from sec_provisioner.naming import TIER_CODES, Names
from sec_provisioner.pipeline import Built
from sec_provisioner.policies import Attached, ManagedPolicy
from sec_provisioner.security import Group, Role
from sec_provisioner.template.logical_ids import group_id, policy_id, role_id

Json = dict[str, Any]
Kind = Literal["group", "role", "policy"]

EXPORT_VERSION = 1
_AWS_POLICY = re.compile(r"arn:[a-z-]+:iam::aws:policy/")


def group_exports(built: Built) -> dict[str, Json]:
    """File name -> content, one for each group."""
    return {
        f"{one.name}.json": {
            **_common(built, "group", one, group_id(one.key), built.policies.groups[one.key]),
            "assumable_roles": [grant.role_key for grant in one.assumes],
            "self_service_credentials": one.self_service,
        }
        for one in built.model.groups
    }


def role_exports(built: Built) -> dict[str, Json]:
    """File name -> content, one for each role of any kind, with its trust policy."""
    return {f"{one.name}.json": _role(built, one) for one in built.model.roles}


def policy_exports(built: Built) -> dict[str, Json]:
    """File name -> the bare document, as the aws CLI takes it."""
    return {f"{one.name}.json": _document(built, one) for one in built.policies.managed}


def export_text(content: Json) -> bytes:
    """Keys sorted, two spaces, one newline at the end."""
    return (json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def is_export_name(file: str, kind: Kind, names: Names) -> bool:
    """Whether an export of this project can have made a file of this name, in whatever tier it was then."""
    codes = "|".join(TIER_CODES.values())
    shape = rf"{re.escape(names.project)}-{kind}-(?:{codes})-[a-z0-9]+(?:-[a-z0-9]+)*\.json"
    return re.fullmatch(shape, file) is not None


def _role(built: Built, role: Role) -> Json:
    properties = _properties(built, role_id(role.key))
    content = {
        **_common(built, f"{role.kind}-role", role, role_id(role.key), built.policies.roles[role.key]),
        "trust_policy": properties["AssumeRolePolicyDocument"],
        "max_session_duration": properties["MaxSessionDuration"],
        "permissions_boundary": properties.get("PermissionsBoundary"),
    }
    return {**content, "mirrors_group": role.mirrors_group} if role.kind == "assumable" else content


def _common(built: Built, kind: str, one: Group | Role, logical_id: str, attached: Attached) -> Json:
    properties = _properties(built, logical_id)
    own = [each.policy for each in attached.attachments if isinstance(each.policy, ManagedPolicy)]
    return {
        "schema_version": EXPORT_VERSION,
        "kind": kind,
        "key": one.key,
        "name": one.name,
        "stem": built.names.stem,
        "description": one.description,
        "managed_policies": [arn for arn in properties["ManagedPolicyArns"] if _AWS_POLICY.match(arn)],
        "policies": [{"name": each.name, "document": _document(built, each)} for each in own],
        "inline_policies": [
            {"name": each["PolicyName"], "document": each["PolicyDocument"]} for each in properties["Policies"]
        ],
    }


def _document(built: Built, policy: ManagedPolicy) -> Json:
    found = _properties(built, policy_id(policy.service, policy.level_name, policy.part))
    document: Json = found["PolicyDocument"]
    return document


def _properties(built: Built, logical_id: str) -> Json:
    resolved: Json = built.resolver.resolve(built.template.resources[logical_id]["Properties"])
    return resolved
