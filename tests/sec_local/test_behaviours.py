"""Every test that names an AWS page names what the page says, and the table can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.behaviours import rows

if TYPE_CHECKING:
    import pytest


def test_every_mark_names_a_page_of_aws_and_what_it_says(request: pytest.FixtureRequest) -> None:
    marks = [mark for item in request.session.items for mark in item.iter_markers("aws")]
    assert all(mark.args[0].startswith("https://docs.aws.amazon.com/") and mark.kwargs["behaviour"] for mark in marks)
    assert len(rows(request.session.items)) <= len(marks)
