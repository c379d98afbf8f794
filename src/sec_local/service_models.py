"""AWS's published service models, as botocore carries them: what each request may hold."""

from __future__ import annotations

from functools import cache
from typing import Any

Shape = dict[str, Any]

_DIRECTIONS = "service-2"


@cache
def _model(service: str) -> Shape:
    """The model of one service; read when it is first asked for. The host's own models are not looked at."""
    from botocore.loaders import Loader  # noqa: PLC0415 - only where requests come in

    loader: Any = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    model: Shape = loader.load_service_model(service, _DIRECTIONS)
    return model


@cache
def input_shape(service: str, operation: str) -> Shape | None:
    """The shape of an operation's request; None where it has none, or there is no such operation."""
    described = _model(service)["operations"].get(operation, {})
    return shape(service, described["input"]["shape"]) if "input" in described else None


@cache
def error_name(service: str, code: str) -> str:
    """What a model calls the error that goes over the wire as `code`: NoSuchEntityException for NoSuchEntity."""
    shapes: dict[str, Shape] = _model(service)["shapes"]
    named = (name for name, one in shapes.items() if one.get("exception") and one.get("error", {}).get("code") == code)
    return next(named, code)


def shape(service: str, name: str) -> Shape:
    """A shape by its name: `type`, and by that `members`, `member`, `min`, `max`, `pattern`, `enum`, `required`."""
    found: Shape = _model(service)["shapes"][name]
    return found
