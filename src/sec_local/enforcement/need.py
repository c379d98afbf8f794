"""One permission that an operation takes: an action, on a resource, with the keys of the request."""

from __future__ import annotations

from dataclasses import dataclass, field

from sec_local.enforcement.context import Context
from sec_local.enforcement.decision import Layer
from sec_local.enforcement.principals import Principal
from sec_local.enforcement.statements import Policy


@dataclass(frozen=True)
class Need:
    """What must be allowed. The keys that every request has are not in `keys`."""

    action: str
    resource: str = "*"
    keys: Context = field(default_factory=Context)
    policy: Policy | None = None
    """The resource's own."""
    layer: Layer = Layer.RESOURCE
    """Which type that policy is of."""
    owner: str = ""
    """The account of the resource, where it is not the caller's and its ARN does not tell."""
    is_granted_by_all: bool = False
    """Whether the resource's policy must grant it too, within one account as well."""
    is_open: bool = False
    """Needs no Allow: only a Deny stands in its way."""
    principal: Principal | None = None
    """Who must be allowed, where it is not the caller but a service, or somebody whom the call's token names."""
    refusal: tuple[str, str, int] | None = None
    """Code, message and status of the refusal, where it is not AccessDenied."""
