"""What is installed is what is here: the wheel as built, unpacked and run on its own."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sec_provisioner import __version__

ROOT = Path(__file__).parents[2]
PACKAGES = ("sec_provisioner", "sec_local")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def shipped() -> set[str]:
    files = (path for package in PACKAGES for path in (ROOT / "src" / package).rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT / "src")) for path in files if "__pycache__" not in path.parts}


def test_the_wheel_holds_every_file_of_the_packages_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == shipped()


def test_the_wheel_carries_its_version_and_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        folder = f"sec_provisioner-{__version__}.dist-info"
        assert f"Version: {__version__}\n" in archive.read(f"{folder}/METADATA").decode()
        assert b"Apache License" in archive.read(f"{folder}/licenses/LICENSE")


def test_the_installed_tool_makes_and_checks_a_config(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "SEC_HOME": str(tmp_path / "sec")}
    values = {
        "client.company_name": "Edge",
        "client.company_prefix": "edge",
        "client.tenant_id": "b001",
        "client.account_id": "123456789012",
        "environment.region": "us-west-1",
    }
    settings = [word for key, value in values.items() for word in ("--set", f"{key}={value}")]
    config = "edge-prod-b001-us-west-1-sec.yaml"
    for words in (
        ["init-config", "--tier", "startup", *settings],
        ["validate-config", "--config", config],
        ["create-prov-template", "--config", config],
    ):
        command = [sys.executable, "-P", "-m", "sec_provisioner", *words]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "sec" / "templates").iterdir())) == 1
