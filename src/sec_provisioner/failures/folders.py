"""A folder or a file can't be used. The user id is always named: in containers that is mostly the cause."""

from __future__ import annotations

from sec_provisioner.errors import FolderError
from sec_provisioner.failures.base import Area, FailureClass

FOLDER_MISSING = FailureClass(
    "folder-missing",
    FolderError,
    "The folder {folder} is missing (user id {user}).",
    mend="mkdir -p {folder}",
)

HOME_FOLDER_MISSING = FailureClass(
    "home-folder-missing",
    FolderError,
    "The folder {folder} is missing (user id {user}).",
    mend="mkdir -p {folder}, or say with --home where the folders are (with a container: mkdir -p sec/{name} on the "
    "host before docker run, then mount it with -v $(pwd)/sec/{name}:/app/{name})",
)

FOLDER_IS_FILE = FailureClass(
    "folder-is-file",
    FolderError,
    "{folder} is a file, not a folder (user id {user}).",
    mend="Move it away: mv {folder} ...",
)

READ_ONLY = FailureClass(
    "read-only",
    FolderError,
    "Can't write {where} as user id {user}: the folder is mounted read-only.",
    mend="Mount {name} without :ro (-v $(pwd)/sec/{name}:{folder}).",
)

FILE_OF_OTHERS = FailureClass(
    "file-of-others",
    FolderError,
    "Can't read {where} as user id {user}: {owner}.",
    mend="Let user id {user} read it: chmod a+r {where}, or chown {user} {where}",
)

FOLDER_OF_OTHERS = FailureClass(
    "folder-of-others",
    FolderError,
    "Can't {purpose} {where} as user id {user}: {owner}.",
    mend="Give it to that user: sudo chown {user} {folder} (a folder that docker made for a mount belongs to root: "
    "sudo chown {user} sec/{name} on the host)",
)

DISK_FULL = FailureClass(
    "disk-full",
    FolderError,
    "Can't write {where} as user id {user}: the disk is full.",
    state="A file that was there is as it was.",
    mend="Free some space, run again.",
    more="Files are written beside the old ones and put in their place when they are whole. An action that changes "
    "AWS opens its log first, and delete-stack saves the members before it takes them out: where that fails, AWS was "
    "not touched. If it is only the report at the end, it is a warning.",
)

FOLDER_FAULT = FailureClass(
    "folder-fault",
    FolderError,
    "Can't {purpose} {where} as user id {user}: {reason}.",
    mend="Look at {folder}.",
)

NAMED_FILE_UNREADABLE = FailureClass(
    "named-file-unreadable",
    FolderError,
    "Can't read {path} as user id {user}: {reason}.",
    mend="Let user id {user} read it, or name another file.",
)

AREA = Area(
    "Folders and files",
    "An action that changes AWS begins only if it can write its log and report; the others go on without.",
    (
        FOLDER_MISSING,
        HOME_FOLDER_MISSING,
        FOLDER_IS_FILE,
        READ_ONLY,
        FILE_OF_OTHERS,
        FOLDER_OF_OTHERS,
        DISK_FULL,
        FOLDER_FAULT,
        NAMED_FILE_UNREADABLE,
    ),
)
