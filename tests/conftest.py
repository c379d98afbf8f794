"""Options and rules for all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A busy machine is no failure of the code: what is too slow is found by the bench.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens", action="store_true", help="write what is made now over the goldens; read the difference"
    )
