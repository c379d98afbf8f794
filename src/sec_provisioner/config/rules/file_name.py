"""The file's name and its content tell the same story: a copy that was never edited is found here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken
from sec_provisioner.naming import Names
from sec_provisioner.problem import Severity


def check(config: Config, file: str) -> Iterator[Broken]:
    """A name other than `{project}-{region}-sec.yaml`."""
    name, expected = PurePath(file).name, Names(config.identity()).config_file
    if name != expected:
        message = f"the file is named `{name}`; by its content it would be `{expected}`"
        hint = "Rename it, or mend client and environment if they are those of another config."
        yield Broken("file-name", "", message, hint, Severity.WARNING)
