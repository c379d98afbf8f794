"""The terminal as a value: where text goes, whether a person is there, and what colours mean.

Everything that reads a key or writes to the screen goes through a `Terminal`, so that a test gives its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TextIO

from sec_provisioner.failures.guards import INPUT_ENDED

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}


@dataclass(frozen=True, slots=True)
class Style:
    """Colours by what they mean. Without colour every method returns its text as it is."""

    colour: bool = False

    def paint(self, text: str, *names: str) -> str:
        """The text in the named colours (`bold`, `dim`, `red`, `green`, `yellow`, `blue`, `cyan`)."""
        if not self.colour or not text:
            return text
        codes = ";".join(_CODES[name] for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def bad(self, text: str) -> str:
        """What forbids going on, or takes something away."""
        return self.paint(text, "bold", "red")

    def careful(self, text: str) -> str:
        """What one should look at."""
        return self.paint(text, "bold", "yellow")

    def good(self, text: str) -> str:
        """What is done and well, or is added."""
        return self.paint(text, "green")

    def faint(self, text: str) -> str:
        """What is there for who wants to know."""
        return self.paint(text, "dim")

    def strong(self, text: str) -> str:
        """Headings and names."""
        return self.paint(text, "bold")


@dataclass(frozen=True)
class Terminal:
    """The three streams, and whether a person sits at them."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    width: int = 100
    out_style: Style = field(default_factory=Style)
    err_style: Style = field(default_factory=Style)

    @property
    def asks(self) -> bool:
        """Whether a question reaches a person: the answer comes from stdin, the question goes to stderr."""
        return _is_terminal(self.stdin) and _is_terminal(self.stderr)

    @property
    def is_one_screen(self) -> bool:
        """Whether who answers reads the result on the same screen: what came with the question need not come again."""
        return self.asks and _is_terminal(self.stdout)

    @property
    def draws(self) -> bool:
        """Whether progress may be drawn and redrawn; plain lines are for the rest."""
        return _is_terminal(self.stderr)

    def write(self, text: str) -> None:
        """The result, on stdout. A reader that has gone away (`| head`) is no failure.

        Raises:
            OSError: stdout does not take it: its disk is full.
        """
        _write(self.stdout, text)

    def say(self, text: str = "") -> None:
        """One line for people, on stderr: progress, questions, failures. Where none can be written, the run goes on."""
        with suppress(OSError):
            _write(self.stderr, f"{text}\n")

    def prompt(self, question: str, default: str = "") -> str:
        """Ask for a line of text; an empty answer takes the default.

        Raises:
            RefusedError: at the end of input.
        """
        shown = f" [{default}]" if default else ""
        _write(self.stderr, f"{question}{shown}: ")
        answer = self.stdin.readline()
        if not answer:
            raise INPUT_ENDED()
        return answer.strip() or default

    def confirm(self, question: str) -> bool:
        """A yes/no question that defaults to no."""
        return self.prompt(f"{question} [y/N]").lower() in ("y", "yes")


def open_terminal(environment: Mapping[str, str], *, colour: bool | None = None) -> Terminal:
    """The process's own terminal. `colour` None decides by stream, NO_COLOR (https://no-color.org) and TERM."""
    wanted = colour is not False and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return Terminal(
        stdin=sys.stdin,
        stdout=sys.stdout,
        stderr=sys.stderr,
        width=_width(),
        out_style=Style(wanted and _is_terminal(sys.stdout)),
        err_style=Style(wanted and _is_terminal(sys.stderr)),
    )


def _width() -> int:
    for descriptor in (1, 2):
        try:
            return os.get_terminal_size(descriptor).columns
        except OSError:
            continue
    return 100


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except OSError as fault:
        _discard(stream)
        # A reader that has gone away wants no more.
        if not isinstance(fault, BrokenPipeError):
            raise


def _discard(stream: TextIO) -> None:
    """Send what still follows to nowhere, or the interpreter would complain when it flushes at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
