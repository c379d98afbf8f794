"""How a resource type is written here, and the seam before each thing that is done to a resource of a stack.

A handler raises `IamError` (or anything else) where the service refuses; what the user reads is worded as
CloudFormation words it. A handler that fails half-way has undone its first half.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self
from uuid import uuid4

from sec_local.iam.request import IamError

if TYPE_CHECKING:
    from collections.abc import Iterator

Properties = dict[str, Any]
Made = tuple[str, dict[str, Any]]
"""Physical id (what `Ref` gives) and the attributes of `Fn::GetAtt`."""


class Handler(Protocol):
    """What CloudFormation does with one resource type."""

    def create(self, name: str, properties: Properties) -> Made:
        """Make it under `name`, which is the custom name or a generated one."""

    def update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        """Change it in place; replacement is decided before."""

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Remove it. One that is gone already is no error."""


@dataclass(frozen=True)
class Operation:
    """One thing that a stack operation is about to do to one resource.

    `logical_id` is empty where MiniStack does not know it. `old` is empty for a create, `new` for a delete; to read
    is what drift detection does. Properties are resolved, stack tags included.
    """

    action: Literal["create", "update", "delete", "read"]
    type: str
    logical_id: str
    physical_id: str
    old: Properties
    new: Properties
    stack_name: str


Before = Callable[[Operation], None]

BEFORE: list[Before] = []
"""Called before each operation on a resource; what they raise fails it. Who asked is `gateway.CURRENT`."""

# https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
_HANDLER_CODES = {
    "EntityAlreadyExists": "AlreadyExists",
    "NoSuchEntity": "NotFound",
    "LimitExceeded": "ServiceLimitExceeded",
    "DeleteConflict": "ResourceConflict",
    "ConcurrentModification": "ResourceConflict",
    "Throttling": "Throttling",
    "AccessDenied": "AccessDenied",
    "AccessDeniedException": "AccessDenied",
    "InternalFailure": "ServiceInternalError",
}


class ResourceFailed(ValueError):  # noqa: N818 - MiniStack fails a resource on a ValueError; this is its reason
    """Why a resource could not be made, changed or removed, as its event says it."""


def failure(code: str, message: str, status: int, service: str = "Iam") -> ResourceFailed:
    """The reason as CloudFormation's handlers word a service's refusal."""
    handler_code = _HANDLER_CODES.get(code, "InvalidRequest")
    return ResourceFailed(
        f'Resource handler returned message: "{message} (Service: {service}, Status Code: {status}, '
        f'Request ID: {uuid4()}, Error Code: {code})" (RequestToken: {uuid4()}, HandlerErrorCode: {handler_code})'
    )


@contextmanager
def worded() -> Iterator[None]:
    """Whatever IAM refuses inside fails the resource, in CloudFormation's words."""
    try:
        yield
    except IamError as refused:
        raise failure(refused.code, refused.message, refused.status) from refused


class Undo:
    """Steps that are taken back, last first, where a later one fails."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def add(self, step: Callable[[], None]) -> None:
        """How to take back what was just done."""
        self._steps.append(step)

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed is not None:
            for step in reversed(self._steps):
                step()


def register(resource_type: str, handler: Handler, *, name_property: str, name_limit: int) -> None:
    """Make `handler` what MiniStack calls for `resource_type`."""
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415 - imported on first use

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        name = properties.get(name_property) or provisioners._physical_name(  # noqa: SLF001 - its generated names
            stack_name, logical_id, max_len=name_limit
        )
        with worded():
            return handler.create(str(name), properties)

    def update(physical_id: str, old: Properties, new: Properties, _: str) -> Made:
        with worded():
            return handler.update(physical_id, old, new)

    def delete(physical_id: str, properties: Properties) -> None:
        with worded():
            handler.delete(physical_id, properties)

    known = provisioners._RESOURCE_HANDLERS.get(resource_type, {})  # noqa: SLF001 - its table of types
    provisioners._RESOURCE_HANDLERS[resource_type] = {  # noqa: SLF001 - the same
        **known,
        "create": create,
        "update": update,
        "update_with_logical_id": False,
        "delete": delete,
    }
