"""Marker and MaxItems for every list of IAM's; MiniStack gives all there is at once.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sec_local.iam.wire import Answer, Params, constraint, error, parameter

if TYPE_CHECKING:
    from collections.abc import Callable

_DEFAULT, _MOST = 100, 1000
_PREFIX = b"sec-local:"

# Action -> the elements that hold its items, in the order in which they are paged.
_LISTS = {
    "ListUsers": ("Users",),
    "ListGroups": ("Groups",),
    "ListRoles": ("Roles",),
    "ListPolicies": ("Policies",),
    "ListInstanceProfiles": ("InstanceProfiles",),
    "ListInstanceProfilesForRole": ("InstanceProfiles",),
    "ListGroupsForUser": ("Groups",),
    "ListAttachedRolePolicies": ("AttachedPolicies",),
    "ListAttachedGroupPolicies": ("AttachedPolicies",),
    "ListAttachedUserPolicies": ("AttachedPolicies",),
    "ListRolePolicies": ("PolicyNames",),
    "ListGroupPolicies": ("PolicyNames",),
    "ListUserPolicies": ("PolicyNames",),
    "ListPolicyVersions": ("Versions",),
    "ListEntitiesForPolicy": ("PolicyGroups", "PolicyUsers", "PolicyRoles"),
    "ListRoleTags": ("Tags",),
    "ListUserTags": ("Tags",),
    "ListPolicyTags": ("Tags",),
    "ListInstanceProfileTags": ("Tags",),
    "ListAccessKeys": ("AccessKeyMetadata",),
    "GetGroup": ("Users",),
}


@dataclass
class Page:
    """Some of the items; `marker` leads to the next ones, `refused` says why there are none."""

    items: list[Any] = field(default_factory=list)
    marker: str | None = None
    refused: Answer | None = None


def install() -> None:
    """Page every list."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    table = iam._IAM_HANDLERS  # noqa: SLF001 - its table of actions
    for action, names in _LISTS.items():
        table[action] = _paged(table[action], names)


def cut(items: list[Any], params: Params) -> Page:
    """The page that `MaxItems` and `Marker` ask for."""
    most = parameter(params, "MaxItems", str(_DEFAULT))
    if not most.isdigit() or not 1 <= int(most) <= _MOST:
        text = f"Member must have value between 1 and {_MOST}"
        return Page(refused=constraint(most, "maxItems", text))
    start = _start(parameter(params, "Marker"))
    if start is None:
        return Page(refused=error("ValidationError", "Invalid Marker."))
    end = start + int(most)
    return Page(items[start:end], _marker(end) if end < len(items) else None)


def _marker(start: int) -> str:
    return base64.urlsafe_b64encode(_PREFIX + str(start).encode()).decode()


def _start(marker: str) -> int | None:
    if not marker:
        return 0
    try:
        text = base64.urlsafe_b64decode(marker.encode())
    except (binascii.Error, ValueError):
        return None
    number = text.removeprefix(_PREFIX)
    return int(number) if text.startswith(_PREFIX) and number.isdigit() else None


def _paged(handler: Callable[[Params], Answer], names: tuple[str, ...]) -> Callable[[Params], Answer]:
    def paged(params: Params) -> Answer:
        status, headers, body = handler(params)
        if status != 200:  # noqa: PLR2004 - HTTP's OK
            return status, headers, body
        text = body.decode()
        lists = {name: _members(text, name) for name in names}
        page = cut([(name, item) for name in names for item in lists[name]], params)
        if page.refused:
            return page.refused
        for name in names:
            kept = "".join(item for where, item in page.items if where == name)
            text = _with_list(text, name, kept)
        return status, headers, _with_marker(text, page.marker).encode()

    return paged


def _span(text: str, name: str) -> tuple[int, int]:
    """Where the inside of the outermost element `name` is; (-1, -1) where there is none."""
    start, end = text.find(f"<{name}>"), text.rfind(f"</{name}>")
    return (start + len(name) + 2, end) if start >= 0 else (-1, -1)


def _members(text: str, name: str) -> list[str]:
    """The `<member>` elements of a list, each as text; what is nested in one stays in it."""
    start, end = _span(text, name)
    found, depth, begin = [], 0, 0
    for tag in re.finditer(r"<(/?)member>", text[max(start, 0) : max(end, 0)]):
        if not tag[1]:
            begin = begin if depth else tag.start()
            depth += 1
        else:
            depth -= 1
            if not depth:
                found.append(text[start:end][begin : tag.end()])
    return found


def _with_list(text: str, name: str, items: str) -> str:
    start, end = _span(text, name)
    return text if start < 0 else text[:start] + items + text[end:]


def _with_marker(text: str, marker: str | None) -> str:
    bare = re.sub(r"<IsTruncated>\w+</IsTruncated>", "", text)
    tail = f"<IsTruncated>{str(marker is not None).lower()}</IsTruncated>"
    tail += f"<Marker>{marker}</Marker>" if marker else ""
    return re.sub(r"(</\w+Result>)", lambda end: tail + end[1], bare, count=1)
