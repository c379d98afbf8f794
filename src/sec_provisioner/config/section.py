"""What the model is made of: sections with described fields, and limits of single values.

Frozen dataclasses, so that reading a config loads no library: pydantic took a third of a whole run. It still makes
the JSON Schema from them (`config.schema`), and asks for the limits by the methods with its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, TypeVar, dataclass_transform, get_args, get_origin

S = TypeVar("S", bound="Section")
_DESCRIPTION = "description"


def described(text: str, *, default: Any = MISSING, default_factory: Any = MISSING) -> Any:
    """A field of a section, with the words that editors and prompts show; without a default it is required."""
    return field(default=default, default_factory=default_factory, metadata={_DESCRIPTION: text})


@dataclass(frozen=True, slots=True)
class SectionField:
    """A field as the reader needs it; `annotation` is its type with its limits."""

    annotation: Any
    description: str
    required: bool


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(described,))
class Section:
    """A part of the config: fixed once it is read, and no key is ever dropped. Each subclass is a dataclass."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    known: ClassVar[Mapping[str, SectionField]]
    """The fields by name."""

    def __init_subclass__(cls) -> None:
        made: Any = dataclass(frozen=True, kw_only=True)(cls)
        cls.known = {one.name: _field(one) for one in fields(made)}


def _field(one: Field[Any]) -> SectionField:
    required = one.default is MISSING and one.default_factory is MISSING
    return SectionField(one.type, one.metadata[_DESCRIPTION], required)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a text (pattern, length) or a number must keep to, as part of its type: `Annotated[str, Limits(...)]`."""

    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """The same in JSON Schema's words."""
        words = {
            "pattern": self.pattern,
            "minLength": self.min_length,
            "maxLength": self.max_length,
            "minimum": self.minimum,
            "maximum": self.maximum,
        }
        return handler(core) | {word: value for word, value in words.items() if value is not None}


@dataclass(frozen=True, slots=True)
class AsSchema:
    """A part of a type whose JSON Schema is given whole."""

    schema: dict[str, Any]

    def __get_pydantic_json_schema__(self, _core: Any, _handler: Any) -> dict[str, Any]:
        """The schema itself."""
        return self.schema


# --- plain values -> sections ---------------------------------------------------------------------------


def build_section(made: type[S], value: Mapping[str, Any]) -> S:
    """The section of plain values that were read without an error (`config.typed`), all sections in it built, too."""
    return made(**{name: _built(made.known[name].annotation, one) for name, one in value.items()})


def _built(annotation: Any, value: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if value is None or not (arguments or issubclass(annotation, Section)):
        return value
    if origin is tuple:
        return tuple(_built(arguments[0], one) for one in value)
    if origin is dict:
        return {key: _built(arguments[1], one) for key, one in value.items()}
    if origin is UnionType:
        return _built(next(one for one in arguments if one is not NoneType), value)
    if origin is Annotated:
        return _built(arguments[0], value)
    return value if origin else build_section(annotation, value)
