from __future__ import annotations

from pathlib import Path

import pytest

from support.tool import Tool, make_tool


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    return make_tool(tmp_path / "sec")
