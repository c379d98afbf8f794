"""The pair of files of a run never overwrites another run's."""

from __future__ import annotations

from pathlib import Path

from sec_provisioner.report.files import Folder
from sec_provisioner.report.run_files import claim_run_files
from support.tool import START


def claimed(folder: Path, stem: str | None = "edge-sec") -> str:
    files = claim_run_files(Folder(folder), stem, "deploy", START)
    files.log.close()
    return files.base


def test_the_name_is_stem_action_and_time(tmp_path: Path) -> None:
    assert claimed(tmp_path) == "edge-sec-deploy-20261123T060000Z"


def test_without_a_stem_the_tool_gives_its_name(tmp_path: Path) -> None:
    assert claimed(tmp_path, None) == "sec-provisioner-deploy-20261123T060000Z"


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    names = [claimed(tmp_path) for _ in range(3)]
    assert names == [f"edge-sec-deploy-20261123T060000Z{number}" for number in ("", "-2", "-3")]


def test_a_result_without_its_log_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "edge-sec-deploy-20261123T060000Z.json").touch()
    assert claimed(tmp_path) == "edge-sec-deploy-20261123T060000Z-2"
