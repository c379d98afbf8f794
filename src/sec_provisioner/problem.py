"""What is wrong, where, and what to write instead: the one shape that every check speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad: an error is what AWS would refuse or what opens an account."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(StrEnum):
    """How sure the check is, apart from how bad it would be."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file that the user wrote. Lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    `id` is kebab-case and stable: it names the check, its case file and its anchor in the docs.
    `path` is the dotted place in the config (`security.iam_groups.data_scientists.polices`), or
    in a policy document or template where there is no config. `hint` says what to write instead.
    `suppressed` holds the user's reason where the config accepts the finding.
    """

    id: str
    severity: Severity
    message: str
    hint: str = ""
    where: Location | None = None
    path: str = ""
    confidence: Confidence = Confidence.HIGH
    suppressed: str | None = None

    def __post_init__(self) -> None:
        """What a file says may have line breaks and control characters; what is said about it is one line."""
        for name in ("message", "hint"):
            text = getattr(self, name)
            if not text.isprintable():
                object.__setattr__(self, name, "".join(map(_printable, text)))


def _printable(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
