"""The shape of the tables' rows.

FailureClass(id, kind, message, state=, mend=) -> FailureClass(**values) -> SecError
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sec_provisioner.errors import SecError

E = TypeVar("E", bound=SecError)
E_co = TypeVar("E_co", bound=SecError, covariant=True)


SO_FAR = "Nothing more was begun."
"""The state after a failure that can come at any call; whatever is known of the moment replaces it."""


def placeholders(template: str) -> Iterator[str]:
    """The names of the values that a text wants: `{stack}` -> stack."""
    return (name for _, name, _, _ in string.Formatter().parse(template) if name)


@dataclass(frozen=True)
class FailureClass(Generic[E_co]):
    """One way in which a run can end badly. Its texts name values in braces, which are given when it happens."""

    id: str
    """Kebab-case and stable: results carry it, and it is the anchor in docs/TROUBLESHOOTING.md."""
    kind: type[E_co]
    """The exception; the exit code is its own."""
    message: str
    """What happened."""
    state: str = field(default="", kw_only=True)
    """What state things are in."""
    mend: str = field(kw_only=True)
    """What to do."""
    more: str = field(default="", kw_only=True)
    """For the page only: what one line has no room for."""

    def __call__(self, *, code: str = "", **values: object) -> E_co:
        """The exception. `code` is AWS's error code; a text may name it, too."""
        told = {"code": code, **values}
        return self.kind(
            self.message.format_map(told),
            self.mend.format_map(told).strip(),
            state=self.state.format_map(told).strip(),
            failure_id=self.id,
            code=code,
        )

    @property
    def values(self) -> frozenset[str]:
        """The names of all values that its texts want."""
        return frozenset(name for text in (self.message, self.state, self.mend) for name in placeholders(text))


@dataclass(frozen=True)
class Aftermath:
    """What a failure has left behind, where that depends on when it came: told behind what the failure itself says."""

    id: str
    when: str
    """At which moment of a run, for the page."""
    state: str = field(kw_only=True)
    mend: str = field(default="", kw_only=True)
    more: str = field(default="", kw_only=True)

    def after(self, error: E, **values: object) -> E:
        """The same failure, which now tells this as well."""
        earlier = "" if error.state == SO_FAR else error.state
        return type(error)(
            error.happened,
            f"{error.hint} {self.mend.format_map(values)}".strip(),
            state=f"{earlier} {self.state.format_map(values)}".strip(),
            failure_id=error.id,
            code=error.code,
        )

    def line(self, **values: object) -> str:
        """The same for somebody who has stopped the run and needs no failure explained."""
        return f"{self.state.format_map(values)} {self.mend.format_map(values)}".rstrip()

    @property
    def values(self) -> frozenset[str]:
        """The names of all values that its texts want."""
        return frozenset(name for text in (self.state, self.mend) for name in placeholders(text))


@dataclass(frozen=True)
class Area:
    """A part of the page: rows that belong together."""

    title: str
    about: str
    classes: tuple[FailureClass[SecError], ...]
    aftermaths: tuple[Aftermath, ...] = ()
