"""The two files that every run leaves in `reports/`: its log and its result, side by side under one name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TextIO

from sec_provisioner.report.files import Folder

UNKNOWN_STEM = "sec-provisioner"


def timestamp(time: datetime) -> str:
    """`20261123T060000Z`, as file names carry it."""
    return time.strftime("%Y%m%dT%H%M%SZ")


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The claimed pair: `log` is open, the result follows at the end of the run."""

    reports: Folder
    base: str
    log: TextIO

    @property
    def log_name(self) -> str:
        """`reports/....log`."""
        return self.reports.shown(f"{self.base}.log")

    def write_result(self, text: str) -> str:
        """Write the result beside the log. Returns how results name it.

        Raises:
            FolderError: where it can't be written.
        """
        return self.reports.write(f"{self.base}.json", text.encode())


def claim_run_files(reports: Folder, stem: str | None, action: str, started: datetime) -> RunFiles:
    """Take the first free name: `{stem}-{action}-{timestamp}`, then with `-2`, `-3`.

    The log is made exclusively, so that two runs in the same second never share a name.

    Raises:
        FolderError: where `reports` is missing or can't be written.
    """
    base = f"{stem or UNKNOWN_STEM}-{action}-{timestamp(started)}"
    for number in count(1):
        name = base if number == 1 else f"{base}-{number}"
        if reports.has(f"{name}.json"):
            continue
        try:
            return RunFiles(reports, name, reports.claim(f"{name}.log"))
        except FileExistsError:
            continue
    raise AssertionError  # count() has no end
