"""Folders: whole files or none, and messages that name folder, user and mend."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sec_provisioner.errors import ExitCode, FolderError
from sec_provisioner.report.files import FOLDERS, Folder, Folders, find_home

USER = os.geteuid()


def test_a_file_is_written_whole_and_named_with_its_folder(tmp_path: Path) -> None:
    assert Folder(tmp_path).write("x.json", b"one") == f"{tmp_path.name}/x.json"
    Folder(tmp_path).write("x.json", b"two", durable=True)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("x.json", b"two")]


def test_a_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    Folder(tmp_path).write("x.json", b"")
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "x.json").stat().st_mode & 0o777 == 0o666 & ~mask


def test_where_one_of_several_files_fails_none_is_changed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FolderError):
        Folder(tmp_path).write_all({"a": b"new", "x" * 300: b""})
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a", b"old")]


def test_a_missing_folder_is_named_with_user_and_mend(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "groups")
    for use in (folder.names, folder.must_be_writable, lambda: folder.write("x", b""), lambda: folder.read("x")):
        with pytest.raises(FolderError, match="is missing") as caught:
            use()
        assert str(folder.path) in caught.value.message
        assert f"user id {USER}" in caught.value.message
        assert f"mkdir -p {folder.path}" in caught.value.hint
        assert caught.value.exit_code is ExitCode.FAILED


def test_a_file_in_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "groups").touch()
    with pytest.raises(FolderError, match="is a file, not a folder"):
        Folder(tmp_path / "groups").write("x", b"")


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        (errno.EACCES, "belongs to user id", "chown"),
        (errno.EROFS, "mounted read-only", "without :ro"),
        (errno.ENOSPC, "the disk is full", "Free some space"),
        (errno.EIO, "input/output", "Look at"),
    ],
)
def test_each_refusal_has_its_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, message: str, hint: str
) -> None:
    folder = Folder(tmp_path)

    def refuse(path: Path, mode: str) -> None:
        raise OSError(code, os.strerror(code), str(path), mode)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FolderError) as caught:
        folder.write("x", b"")
    assert message in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert f"user id {USER}" in caught.value.message
    assert hint in caught.value.hint


def test_a_file_that_is_not_there_is_the_callers_business(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Folder(tmp_path).read("x")


def test_a_claimed_file_is_held_until_it_is_closed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    file = folder.claim("run.log")
    assert folder.is_held("run.log")
    file.close()
    assert not folder.is_held("run.log")
    with pytest.raises(FileNotFoundError):
        folder.is_held("other.log")


def test_where_a_file_system_has_no_locks_a_file_counts_as_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    folder = Folder(tmp_path)
    folder.claim("run.log").close()
    assert folder.is_held("run.log")


def test_only_regular_files_are_listed(tmp_path: Path) -> None:
    (tmp_path / "previous").mkdir()
    for name in ("b", "a", ".hidden"):
        (tmp_path / name).touch()
    assert Folder(tmp_path).names() == ("a", "b")


def test_missing_folders_are_made_once(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "deep" / "sec")
    assert folders.make_missing() == FOLDERS
    assert folders.make_missing() == ()


def test_home_is_the_option_then_the_environment_then_sec_then_here(tmp_path: Path) -> None:
    assert find_home("/a", {"SEC_HOME": "/b"}, tmp_path) == Path("/a")
    assert find_home(None, {"SEC_HOME": "/b"}, tmp_path) == Path("/b")
    assert find_home(None, {}, tmp_path) == tmp_path
    (tmp_path / "sec").mkdir()
    assert find_home(None, {}, tmp_path) == tmp_path / "sec"
