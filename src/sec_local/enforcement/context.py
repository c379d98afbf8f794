"""The condition keys of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

Values = str | tuple[str, ...]
"""One value, or, of a key that can have many, all of them."""


class Context:
    """Keys and their values; keys are equal whatever their case, and so are the tag keys within them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
    """

    def __init__(self, values: Mapping[str, Values | None] | None = None) -> None:
        """Keys whose value is None are not in the request."""
        given = (values or {}).items()
        self._values = {key.lower(): value for key, value in given if value is not None}

    def all(self, key: str) -> tuple[str, ...] | None:
        """The values of a key; None where the request does not have it."""
        value = self._values.get(key.lower())
        return (value,) if isinstance(value, str) else value

    def single(self, key: str) -> str | None:
        """The value of a key that has one; None where it is missing or may have many."""
        value = self._values.get(key.lower())
        return value if isinstance(value, str) else None

    def where(self, is_kept: Callable[[str], bool]) -> Context:
        """The keys of which a question is answered with yes."""
        return Context({key: value for key, value in self._values.items() if is_kept(key)})

    def __contains__(self, key: str) -> bool:
        return key.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __or__(self, other: Context) -> Context:
        """Both; where both have a key, `other` wins."""
        merged = Context()
        merged._values = {**self._values, **other._values}
        return merged
