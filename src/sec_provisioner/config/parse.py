"""The text of a config -> Config, or every problem that it has.

bytes -> Document (`config.document`) -> plain values (`config.typed`) -> Config (`config.model`). Each step
reports all it finds; a config with an error is no Config at all, since half a model would mislead what follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from sec_provisioner import __version__
from sec_provisioner.config import scalars
from sec_provisioner.config.document import load_document
from sec_provisioner.config.findings import Findings
from sec_provisioner.config.model import FORMAT_VERSION, Config
from sec_provisioner.config.nodes import Document, Scalar
from sec_provisioner.config.section import build_section
from sec_provisioner.config.typed import read_as
from sec_provisioner.problem import Location, Problem, Severity

MOST_PROBLEMS = 500


@dataclass(frozen=True)
class ParsedConfig:
    """`config` is None where `problems` holds an error, `document` where the text is not even YAML."""

    config: Config | None
    document: Document | None
    problems: tuple[Problem, ...]


def parse_config(content: bytes, file: str) -> ParsedConfig:
    """Read a config.

    Args:
        content: The bytes of the file.
        file: Its name as locations carry it; nothing is read from disk.
    """
    loaded = load_document(content, file)
    if loaded.document is None:
        return ParsedConfig(None, None, loaded.problems)
    newer = _newer_format(loaded.document)
    if newer is not None:
        return ParsedConfig(None, loaded.document, (newer,))
    findings = Findings(loaded.document)
    value = read_as(Config, loaded.document.root, "", findings)
    problems = in_file_order((*loaded.problems, *findings.problems))
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    return ParsedConfig(None if broken else build_section(Config, value), loaded.document, problems)


def in_file_order(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """By place, and no more than anybody reads: of a hopeless file the first 500, and that there are more."""
    ordered = sorted(problems, key=lambda one: (one.where or Location("", 0, 0), one.path, one.id))
    if len(ordered) <= MOST_PROBLEMS:
        return tuple(ordered)
    message = f"more than {MOST_PROBLEMS} problems; the others are not shown"
    rest = Problem("too-many-problems", Severity.ERROR, message, "Mend these first.", ordered[MOST_PROBLEMS].where)
    return (*ordered[:MOST_PROBLEMS], rest)


def _newer_format(document: Document) -> Problem | None:
    """A format this version can't know: whatever else the file says may mean something new."""
    entry = document.root.entries.get("format_version")
    version = scalars.integer(entry.value) if entry and isinstance(entry.value, Scalar) else None
    if entry is None or version is None or version <= FORMAT_VERSION:
        return None
    message = (
        f"the config has format {version}; this is sec-provisioner {__version__}, "
        f"which reads formats up to {FORMAT_VERSION}"
    )
    hint = f"Use sec-provisioner {version}.0.0 or newer: a format comes with the major version of its number."
    where = document.at(entry.value.mark)
    return Problem("newer-format", Severity.ERROR, message, hint, where, "format_version")
