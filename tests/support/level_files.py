"""Policy level files as they lie on disk: found, read, and filled in for one partition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import sec_provisioner
from sec_provisioner.catalogue.store import load_yaml

LEVELS = Path(sec_provisioner.__file__).parent / "data" / "levels"
CASES = Path(__file__).parent.parent / "cases" / "levels"

# The longest project there can be, as a test stack has it.
LONGEST_PROJECT = "p" * 30 + "-prod-b001" + "-test-abc123"
# Each partition with its longest region name.
PARTITIONS = {"aws": "ap-southeast-5", "aws-us-gov": "us-gov-east-1", "aws-cn": "cn-northwest-1"}


@dataclass(frozen=True)
class LevelFile:
    """The raw value of one file, and where it lies (`s3/level2`)."""

    name: str
    raw: dict[str, Any]

    @property
    def is_full(self) -> bool:
        return bool(self.raw["full"])

    @property
    def statements(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.raw["statements"]
        return found


@cache
def level_files() -> tuple[LevelFile, ...]:
    """All level files there are, in order."""
    paths = sorted(LEVELS.glob("*/*.yaml"))
    return tuple(LevelFile(f"{path.parent.name}/{path.stem}", load(path)) for path in paths)


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def case(name: str) -> Any:
    """A reviewed list of `tests/cases/levels`."""
    return load(CASES / f"{name}.yaml")


def partitions_of(service: str) -> tuple[str, ...]:
    """The partitions that have a service of the levels, by the product's dated table."""
    return tuple(load_yaml("partitions.yaml")["services"][service]["exists"])


def filled(text: str, partition: str = "aws") -> str:
    """A text with every placeholder filled in at its longest; IAM's own variables stay."""
    words = {
        "${Project}": LONGEST_PROJECT,
        "${ProjectUnderscored}": LONGEST_PROJECT.replace("-", "_"),
        "${AWS::Partition}": partition,
        "${AWS::Region}": PARTITIONS[partition],
        "${AWS::AccountId}": "123456789012",
    }
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text
