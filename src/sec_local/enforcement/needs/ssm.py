"""Parameter Store: the resource is the parameter, for GetParametersByPath that of the path.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sec_local.enforcement import tags
from sec_local.enforcement.caller import Caller
from sec_local.enforcement.context import Context
from sec_local.enforcement.need import Need
from sec_local.enforcement.reference import action_of

if TYPE_CHECKING:
    from sec_local.call import Call

_TAGGING = ("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource")


def needs_of(call: Call, caller: Caller) -> list[Need]:
    """One for each parameter that the call names."""
    action, given = f"ssm:{call.operation}", call.json
    known = action_of(action)
    if known is not None and not known.resource_types:
        return [Need(action)]
    keys = _keys(call.operation, given)
    found = [
        Need(action, (arn := arn_of(name, call.region, caller.principal.account)), keys | _tags_of(arn))
        for name in _names(call.operation, given)
    ]
    if call.operation == "PutParameter" and given.get("Tags"):
        found += [Need("ssm:AddTagsToResource", one.resource, one.keys) for one in found]
    return found or [Need(action)]


def arn_of(name: str, region: str, account: str) -> str:
    """The ARN of a parameter; a name that is a path has its slash already.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
    """
    if name.startswith("arn:"):
        return name
    bare = name.partition(":")[0]
    return f"arn:aws:ssm:{region}:{account}:parameter{bare if bare.startswith('/') else f'/{bare}'}"


def _names(operation: str, given: dict[str, Any]) -> list[str]:
    if operation in _TAGGING:
        return [str(given.get("ResourceId", ""))] if given.get("ResourceType", "Parameter") == "Parameter" else []
    if operation == "GetParametersByPath":
        return [str(given.get("Path", "/"))]
    if "Names" in given:
        return list(map(str, given["Names"]))
    return [str(given["Name"])] if "Name" in given else []


def _keys(operation: str, given: dict[str, Any]) -> Context:
    keys = Context(
        {
            "ssm:Recursive": str(bool(given.get("Recursive"))).lower() if operation == "GetParametersByPath" else None,
            "ssm:Overwrite": str(bool(given.get("Overwrite"))).lower() if operation == "PutParameter" else None,
            "ssm:Policies": given.get("Policies"),
        }
    )
    if "TagKeys" in given:
        return keys | tags.removed_tags(given["TagKeys"])
    return keys | tags.request_tags(tags.of_list(given.get("Tags") or []))


def _tags_of(arn: str) -> Context:
    from ministack.services import ssm  # noqa: PLC0415 - MiniStack is imported on first use

    found = ssm._tags.get(arn) or {}  # noqa: SLF001 - its store
    held = found if isinstance(found, dict) else tags.of_list(found)
    return tags.resource_tags(held, "ssm:resourceTag/")
