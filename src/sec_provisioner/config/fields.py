"""What the model says of a dotted place in a config: its type, its description."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from sec_provisioner.config import paths
from sec_provisioner.config.model import Config
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.section import Section
from sec_provisioner.failures.usage import NO_PLACE, PART_OF_VALUE, UNKNOWN_PLACE


def type_at(path: str) -> Any:
    """The type of the value at `path`, without its limits (`Annotated`) and `None`.

    Raises:
        UsageError: No config can have such a place, or it is part of a value that can only be set whole.
    """
    annotation: Any = Config
    for step in _steps(path):
        annotation = _bare(_part(annotation, step, path))
    return annotation


def description_of(path: str) -> str:
    """What belongs into a field, in the model's words; empty for what is no field of a section."""
    section, steps = type_at(paths.parent(path)) if paths.parent(path) else Config, _steps(path)
    if not is_section(section):
        return ""
    field = section.known.get(str(steps[-1]))
    return field.description if field else ""


def is_section(annotation: Any) -> bool:
    """Whether a value of this type is a section with fields of its own."""
    return isinstance(annotation, type) and issubclass(annotation, Section)


def is_text(annotation: Any) -> bool:
    """Whether a value of this type is text, free or one of some words."""
    return annotation is str or get_origin(annotation) is Literal


def _steps(path: str) -> tuple[str | int, ...]:
    steps = paths.steps(path)
    if not steps:
        raise NO_PLACE(path=path)
    return steps


def _part(annotation: Any, step: str | int, path: str) -> Any:
    if is_section(annotation) and isinstance(step, str):
        known = annotation.known
        if step not in known:
            raise UNKNOWN_PLACE(path=path, key=step, offer=suggestion(step, known))
        return known[step].annotation
    if get_origin(annotation) is dict and isinstance(step, str) and get_args(annotation)[1] is not Any:
        return get_args(annotation)[1]
    raise PART_OF_VALUE(path=path)


def _bare(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return _bare(next(one for one in get_args(annotation) if one is not NoneType))
    return annotation
