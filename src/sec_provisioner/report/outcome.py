"""What a run has to show at its end, before it becomes text or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sec_provisioner.errors import SecError
from sec_provisioner.problem import Problem
from sec_provisioner.report.terminal import Style

R = TypeVar("R")
Render = Callable[[R, Style], Iterable[str]]


@dataclass(frozen=True)
class Outcome:
    """A result and what stands beside it, all redacted.

    `render` makes the lines of the text form from the result. `stdout` replaces text and JSON where an action
    prints a document of its own. `failure` says why a run did not end well. `lists_problems` is for
    checks: the text of other actions only counts them, unless it is they that end the run.
    """

    result: Any = None
    problems: tuple[Problem, ...] = ()
    files: tuple[str, ...] = ()
    render: Render[Any] | None = None
    stdout: str | None = None
    failure: SecError | None = None
    lists_problems: bool = False
