"""How many tags, and how they may look.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.iam.stores import store
from sec_local.iam.views import tags
from sec_local.iam.wire import (
    BY_SERVICE,
    Answer,
    Check,
    Params,
    add_action,
    constraint,
    error,
    guard,
    parameter,
    result,
    tags_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 50
_LONGEST_KEY, _LONGEST_VALUE = 128, 256
_TAGGED = {"Role": "RoleName", "User": "UserName", "Policy": "PolicyArn", "InstanceProfile": "InstanceProfileName"}


def install() -> None:
    """Guard creations and taggings."""
    for kind, name in _TAGGED.items():
        guard((f"Create{kind}", f"Tag{kind}"), _check(kind, name))
        add_action(f"List{kind}Tags", _listing(kind, name))


def _check(kind: str, name: str) -> Check:
    def check(params: Params) -> Answer | None:
        new = tags_of(params)
        refused = _first_wrong(new)
        if refused:
            return refused
        record = store(kind).get(parameter(params, name)) or {}
        keys = {tag["Key"].lower() for tag in record.get("Tags") or []} | {tag["Key"].lower() for tag in new}
        # What CloudFormation adds itself does not count.
        if len([key for key in keys if not key.startswith("aws:")]) > _MOST:
            return error("LimitExceeded", f"The number of tags has reached the maximum limit of {_MOST}.", 409)
        return None

    return check


def _listing(kind: str, name: str) -> Callable[[Params], Answer]:
    """MiniStack's own lists put tags into XML as they are."""

    def list_tags(params: Params) -> Answer:
        record = store(kind).get(parameter(params, name))
        if record is None:
            return error("NoSuchEntity", f"The {kind.lower()} {parameter(params, name)} cannot be found.", 404)
        return result(f"List{kind}Tags", Tags=tags(record) or [], IsTruncated=False)

    return list_tags


def _first_wrong(new: list[dict[str, str]]) -> Answer | None:
    for number, tag in enumerate(new, 1):
        where = f"tags.{number}.member"
        if not 1 <= len(tag["Key"]) <= _LONGEST_KEY:
            text = f"Member must have length less than or equal to {_LONGEST_KEY}"
            return constraint(tag["Key"], f"{where}.key", text)
        if len(tag["Value"]) > _LONGEST_VALUE:
            text = f"Member must have length less than or equal to {_LONGEST_VALUE}"
            return constraint(tag["Value"], f"{where}.value", text)
        if tag["Key"].lower().startswith("aws:") and not BY_SERVICE.get():
            return error("InvalidInput", "Tag keys beginning with aws: are reserved for system use.")
    keys = [tag["Key"].lower() for tag in new]
    if len(set(keys)) < len(keys):
        return error("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    return None
