"""Every test that names an AWS page names what the page says, and the users' page lists them all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from support.behaviours import PAGE

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).parent


def test_every_mark_names_a_page_of_aws_and_what_it_says(request: pytest.FixtureRequest) -> None:
    marks = [mark for item in request.session.items for mark in item.iter_markers("aws")]
    assert all(mark.args[0].startswith("https://docs.aws.amazon.com/") and mark.kwargs["behaviour"] for mark in marks)


def test_the_users_page_lists_the_behaviours(tmp_path: Path) -> None:
    """`make docs-source` writes it anew. All tests are collected, whichever of them run now."""
    made = tmp_path / PAGE.name
    shutil.copy(PAGE, made)
    command = [sys.executable, "-m", "pytest", str(HERE), "--collect-only", "-q", "-p", "no:cacheprovider"]
    subprocess.run([*command, "--behaviours", str(made)], check=True, capture_output=True, cwd=HERE.parents[1])
    assert made.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
