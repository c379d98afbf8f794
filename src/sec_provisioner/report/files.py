"""The six folders of one home, and the only writer into them.

Nothing is left half-written: a file is made under a temporary name beside its place and then renamed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sec_provisioner.errors import FolderError
from sec_provisioner.failures.folders import (
    DISK_FULL,
    FILE_OF_OTHERS,
    FOLDER_FAULT,
    FOLDER_IS_FILE,
    FOLDER_MISSING,
    FOLDER_OF_OTHERS,
    HOME_FOLDER_MISSING,
    READ_ONLY,
)

FOLDERS = ("configs", "policies", "groups", "roles", "templates", "reports")


@dataclass(frozen=True, slots=True)
class Folder:
    """One of the folders. File names are bare; what is returned for people starts with the folder's name."""

    path: Path

    def shown(self, name: str) -> str:
        """`groups/x.json`: how results name a file."""
        return f"{self.path.name}/{name}"

    def names(self) -> tuple[str, ...]:
        """The regular files in it, sorted; sub-folders and hidden files are nobody's business here.

        Raises:
            FolderError: where it is missing or can't be read.
        """
        with self.explained("read"), os.scandir(self.path) as entries:
            return tuple(sorted(one.name for one in entries if one.is_file() and not one.name.startswith(".")))

    def read(self, name: str) -> bytes:
        """The content of one file.

        Raises:
            FileNotFoundError: where the folder is there and the file is not.
            FolderError: where either can't be read.
        """
        with self.explained("read", name):
            return (self.path / name).read_bytes()

    def write(self, name: str, content: bytes, *, durable: bool = False) -> str:
        """Write or replace one file; `durable` waits until it is on disk. Returns how results name it.

        Raises:
            FolderError: where it can't be written.
        """
        self.write_all({name: content}, durable=durable)
        return self.shown(name)

    def write_all(self, contents: Mapping[str, bytes], *, durable: bool = False) -> None:
        """Write several files: all are on disk under temporary names before the first gets its own.

        Raises:
            FolderError: where one can't be written; then none has changed.
        """
        waiting: dict[Path, Path] = {}
        try:
            for name, content in contents.items():
                temporary = self.path / f".{name}.{os.getpid()}.tmp"
                with self.explained("write", name):
                    waiting[temporary] = self.path / name
                    _write(temporary, content, durable=durable)
            for temporary, final in waiting.items():
                with self.explained("write", final.name):
                    temporary.replace(final)
            if durable:
                with self.explained("write"):
                    _sync(self.path)
        finally:
            for temporary in waiting:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)

    def claim(self, name: str) -> TextIO:
        """Make a new file that nobody else has, to be written line by line, and held until it is closed.

        The hold ends with the process, however that ends, so that nothing is left behind that says otherwise.

        Raises:
            FileExistsError: where it is there.
            FolderError: where it can't be made.
        """
        with self.explained("write", name):
            file = (self.path / name).open("x", encoding="utf-8")
        with suppress(OSError):  # not every file system has locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file

    def is_held(self, name: str) -> bool:
        """Whether a process may still be writing a claimed file; True where that can't be told.

        Raises:
            FileNotFoundError: where it is not there.
            FolderError: where it can't be read.
        """
        with self.explained("read", name), (self.path / name).open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
            return False

    def remove(self, name: str) -> str:
        """Remove one file. Returns how results name it.

        Raises:
            FolderError: where it can't be removed.
        """
        with self.explained("write", name):
            (self.path / name).unlink()
        return self.shown(name)

    def has(self, name: str) -> bool:
        """Whether there is anything of this name.

        Raises:
            FolderError: where the folder may not be looked into.
        """
        with self.explained("read"):
            return (self.path / name).exists()

    def make(self) -> bool:
        """Make the folder where it is missing; says whether it did.

        Raises:
            FolderError: where it can't be made.
        """
        if is_folder(self.path):
            return False
        with Folder(self.path.parent).explained("write"):
            self.path.mkdir(parents=True, exist_ok=True)
        return True

    def must_be_writable(self) -> None:
        """Prove it by writing: permissions alone don't tell about read-only mounts.

        Raises:
            FolderError: where it can't be written.
        """
        probe = self.path / f".probe.{os.getpid()}.tmp"
        try:
            with self.explained("write"):
                _write(probe, b"")
        finally:
            with suppress(OSError):
                probe.unlink(missing_ok=True)

    @contextmanager
    def explained(self, purpose: str, name: str = "") -> Iterator[None]:
        """Turn what the operating system says into a message that names folder, user and mend.

        A file that is there already, or is not there in a folder that is, is the caller's business.
        """
        try:
            yield
        except FileExistsError:
            raise
        except OSError as error:
            if name and isinstance(error, FileNotFoundError) and is_folder(self.path):
                raise
            raise _explain(self.path, name, purpose, error) from error


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of the product below one home."""

    home: Path

    def __getitem__(self, name: str) -> Folder:
        if name not in FOLDERS:
            raise KeyError(name)
        return Folder(self.home / name)

    @property
    def configs(self) -> Folder:
        """What the user writes."""
        return self["configs"]

    @property
    def templates(self) -> Folder:
        """CloudFormation templates for people."""
        return self["templates"]

    @property
    def reports(self) -> Folder:
        """A log and a result of every run."""
        return self["reports"]

    def make_missing(self) -> tuple[str, ...]:
        """Make the folders that are not there; returns their names.

        Raises:
            FolderError: where one can't be made.
        """
        return tuple(name for name in FOLDERS if self[name].make())


def find_home(option: str | None, environment: Mapping[str, str], working: Path) -> Path:
    """`--home`, else SEC_HOME, else ./sec where it exists, else the working folder."""
    named = option or environment.get("SEC_HOME")
    if named:
        return Path(named).expanduser()
    return working / "sec" if is_folder(working / "sec") else working


def is_folder(path: Path) -> bool:
    """Whether a folder is there; one that may not be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _write(path: Path, content: bytes, *, durable: bool = False) -> None:
    with path.open("xb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Wait until the folder's new names are on disk: a file's own content is not enough."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explain(folder: Path, name: str, purpose: str, error: OSError) -> FolderError:
    user = os.geteuid()
    where = f"{folder}/{name}" if name else str(folder)
    code = _missing(folder) or error.errno
    match code:
        case errno.ENOENT | errno.ENOTDIR:
            return _no_folder(folder, code, user)
        case errno.EROFS:
            return READ_ONLY(where=where, folder=folder, name=folder.name, user=user)
        case errno.EACCES | errno.EPERM:
            return _of_others(folder, name, purpose, user)
        case errno.ENOSPC | errno.EDQUOT:
            return DISK_FULL(where=where, user=user)
        case _:
            reason = (error.strerror or str(error)).lower()
            return FOLDER_FAULT(purpose=purpose, where=where, reason=reason, folder=folder, user=user)


def _no_folder(folder: Path, code: int, user: int) -> FolderError:
    if code == errno.ENOTDIR:
        return FOLDER_IS_FILE(folder=folder, user=user)
    if folder.name in FOLDERS:
        return HOME_FOLDER_MISSING(folder=folder, name=folder.name, user=user)
    return FOLDER_MISSING(folder=folder, user=user)


def _of_others(folder: Path, name: str, purpose: str, user: int) -> FolderError:
    owner, where = _owner(folder, name), folder / name
    if purpose == "read" and name:
        return FILE_OF_OTHERS(where=where, owner=owner, user=user)
    return FOLDER_OF_OTHERS(purpose=purpose, where=where, owner=owner, folder=folder, name=folder.name, user=user)


def _missing(folder: Path) -> int | None:
    try:
        mode = folder.stat().st_mode
    except OSError as error:
        return error.errno
    return None if stat.S_ISDIR(mode) else errno.ENOTDIR


def _owner(folder: Path, name: str) -> str:
    for path in (folder / name, folder):
        with suppress(OSError):
            found = path.stat()
            return f"{path} belongs to user id {found.st_uid}, mode {stat.S_IMODE(found.st_mode):04o}"
    return "permission denied"
