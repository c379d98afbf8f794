"""What is installed is what is here: built as a release is, and run in an environment that has nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from sec_provisioner import __version__
from support.startup import CONFIG, STEM, set_flags

ROOT = Path(__file__).parents[2]
PACKAGES = ("sec_provisioner", "sec_local")


def build(kind: str, source: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"sec_provisioner-{__version__}"


def locked() -> dict[str, str]:
    """The runtime's own list: name -> version."""
    lines = (ROOT / "requirements" / "runtime.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lines, re.MULTILINE))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment of the wheel and the locked runtime packages, without a download."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    (packages,) = home.glob("lib/python*/site-packages")
    for name in locked():
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            (packages / top).symlink_to(str(found.locate_file(top)))
    python = str(home / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return home / "bin"


def run(installed: Path, sec_home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "SEC_HOME": str(sec_home)}
    command = [str(installed / "sec-provisioner"), *words]
    return subprocess.run(command, env=environment, cwd=sec_home, capture_output=True, text=True, check=False)


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_every_file_of_the_packages_and_no_test(wheel: Path) -> None:
    files = (path for package in PACKAGES for path in (ROOT / "src" / package).rglob("*") if path.is_file())
    shipped = {str(path.relative_to(ROOT / "src")) for path in files if "__pycache__" not in path.parts}
    assert names_in(wheel) == shipped
    assert {f"{package}/py.typed" for package in PACKAGES} <= shipped


def test_the_wheel_carries_its_version_and_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        folder = f"sec_provisioner-{__version__}.dist-info"
        assert f"Version: {__version__}\n" in archive.read(f"{folder}/METADATA").decode()
        assert b"Apache License" in archive.read(f"{folder}/licenses/LICENSE")


def test_the_source_distribution_makes_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    assert names_in(build("wheel", sdist, tmp_path)) == names_in(wheel)


def test_what_is_tested_is_what_is_locked_for_users() -> None:
    assert {name: distribution(name).version for name in locked()} == locked()


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["schema"]], ids=" ".join)
def test_the_installed_tool_needs_no_config_to_speak_of_itself(
    installed: Path, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "reports").mkdir()
    done = run(installed, tmp_path, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_installed_tool_makes_and_checks_a_config(installed: Path, tmp_path: Path) -> None:
    for words in (
        ["init-config", "--tier", "startup", *set_flags()],
        ["validate-config", "--config", CONFIG],
        ["export-groups", "--config", CONFIG],
        ["create-prov-template", "--config", CONFIG],
    ):
        done = run(installed, tmp_path, *words)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "templates" / f"{STEM}-template.yaml").is_file()


def test_the_installed_tool_has_the_sdk_and_says_that_credentials_are_missing(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "init-config", "--tier", "startup", *set_flags())
    done = run(installed, tmp_path, "check-drift", "--config", CONFIG)
    assert done.returncode == 3
    assert "credentials" in done.stderr


def test_without_its_extra_the_local_aws_says_how_to_get_it(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "local-serve")
    assert done.returncode == 3
    assert "sec-provisioner[local]" in done.stderr
