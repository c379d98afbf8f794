"""Files of saved members in `reports/`: written before the first member is taken out, marked when they are back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sec_provisioner.actions.base import Context
from sec_provisioner.failures.folders import NAMED_FILE_UNREADABLE
from sec_provisioner.failures.members import NO_MEMBERS_FILE
from sec_provisioner.live.members import SavedMembers, parse_members, render_members
from sec_provisioner.naming import Names


def waiting_files(ctx: Context, names: Names) -> dict[str, SavedMembers]:
    """The files of this stem whose members are not back yet, oldest first.

    Raises:
        UsageError: one of them is broken.
        FolderError: they can't be read.
    """
    folder = ctx.folders.reports
    beginning = f"{names.stem}-members-"
    found = [one for one in folder.names() if one.startswith(beginning) and one.endswith(".json")]
    read = {one: parse_members(folder.read(one), folder.shown(one)) for one in found}
    return {one: saved for one, saved in read.items() if saved.is_waiting and saved.stem == names.stem}


def read_file(ctx: Context, file: str) -> tuple[Path, SavedMembers]:
    """A file that was named: looked up in `reports/`, or as a path where it has a separator.

    Raises:
        UsageError: it is not there, or holds no members.
        FolderError: it can't be read.
    """
    path = Path(file).expanduser() if "/" in file else ctx.folders.reports.path / file
    try:
        text = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise NO_MEMBERS_FILE(path=path) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NAMED_FILE_UNREADABLE(path=path, user=os.geteuid(), reason=reason) from error
    return path, parse_members(text, str(path))


def save_members(
    ctx: Context, names: Names, groups: Mapping[str, tuple[str, ...]], earlier: Mapping[str, SavedMembers]
) -> str:
    """Put members on disk, then mark the earlier files that are in it. Returns the bare name.

    Raises:
        FolderError: it can't be written; nothing was taken out yet.
    """
    time = ctx.clock.now().strftime("%Y%m%dT%H%M%SZ")
    folder = ctx.folders.reports
    name = _free_name(f"{names.stem}-members-{time}", folder.names())
    saved = SavedMembers(names.stem, names.identity.account_id, time, groups)
    folder.write(name, render_members(saved).encode(), durable=True)
    for old, content in earlier.items():
        folder.write(old, render_members(replace(content, taken_into=name)).encode(), durable=True)
    return name


def _free_name(beginning: str, taken: tuple[str, ...]) -> str:
    name, number = f"{beginning}.json", 2
    while name in taken:
        name, number = f"{beginning}-{number}.json", number + 1
    return name


def mark_restored(ctx: Context, path: Path, saved: SavedMembers) -> None:
    """Note in the file that its members are back.

    Raises:
        FolderError: it can't be written.
    """
    from sec_provisioner.report.files import Folder  # noqa: PLC0415 - the writer of whatever folder it lies in

    time = ctx.clock.now().strftime("%Y%m%dT%H%M%SZ")
    Folder(path.parent).write(path.name, render_members(replace(saved, restored=time)).encode(), durable=True)
