"""Everything that is in an account, to be compared: whatever a run should not have touched must be equal after it."""

from __future__ import annotations

import json
from typing import Any

from support.small_stack import client

# What changes by itself, or tells when something was looked at.
_PASSING = frozenset({"ResponseMetadata", "RoleLastUsed", "LastAccessedDate"})


def whole_account() -> dict[str, str]:
    """Kind and name -> all that AWS tells of it, as text. Buckets are left out: the templates' bucket is shared."""
    return dict(sorted({**_identities(), **_stacks(), **_parameters()}.items()))


def _identities() -> dict[str, str]:
    iam = client("iam")
    kinds = {"UserDetailList": "User", "GroupDetailList": "Group", "RoleDetailList": "Role", "Policies": "Policy"}
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["User", "Group", "Role", "LocalManagedPolicy"]
    )
    found = {
        f"{kind} {one[f'{kind}Name']}": _text(one) for page in pages for key, kind in kinds.items() for one in page[key]
    }
    # What the details leave out: description and session duration.
    settings = {f"settings of {one['RoleName']}": _text(one) for one in iam.list_roles()["Roles"]}
    return {**found, **settings}


def _stacks() -> dict[str, str]:
    cloudformation = client("cloudformation")
    found = {}
    for stack in cloudformation.describe_stacks()["Stacks"]:
        name = stack["StackName"]
        found[f"stack {name}"] = _text(stack)
        found[f"template of {name}"] = _text(cloudformation.get_template(StackName=name))
        found[f"events of {name}"] = _text(cloudformation.describe_stack_events(StackName=name))
        found[f"change sets of {name}"] = _text(cloudformation.list_change_sets(StackName=name))
    return found


def _parameters() -> dict[str, str]:
    pages = client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/", Recursive=True)
    return {f"parameter {one['Name']}": _text(one) for page in pages for one in page["Parameters"]}


def _text(value: Any) -> str:
    return json.dumps(_lasting(value), sort_keys=True, default=str)


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lasting(one) for key, one in value.items() if key not in _PASSING}
    return [_lasting(one) for one in value] if isinstance(value, list) else value
