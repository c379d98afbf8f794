"""Reads the data files of the package, each once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).parent.parent / "data"


@cache
def load_yaml(name: str) -> Any:
    """The value of `data/{name}`. Callers share it, so they must not change it."""
    text = (_DATA / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


@cache
def names_in(folder: str) -> tuple[str, ...]:
    """What lies in `data/{folder}`, sorted; nothing where there is no such folder."""
    path = _DATA / folder
    return tuple(sorted(entry.name for entry in path.iterdir())) if path.is_dir() else ()
