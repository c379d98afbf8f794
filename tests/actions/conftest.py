from __future__ import annotations

from pathlib import Path

import pytest

from support.startup import CONFIG, make_startup_config
from support.tool import Tool, make_tool


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    return make_tool(tmp_path / "sec")


@pytest.fixture(scope="session")
def startup_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = make_tool(tmp_path_factory.mktemp("startup"))
    name = make_startup_config(made)
    return made.files("configs")[name]


@pytest.fixture
def config(tool: Tool, startup_text: str) -> str:
    return tool.write_config(startup_text, CONFIG)
