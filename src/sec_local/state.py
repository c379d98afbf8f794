"""What the local AWS remembers, kept in a folder between runs: one JSON file per service, S3 objects as files.

MiniStack does the writing. It reads where to from the environment when it is first imported, so a later choice is
put where its modules look.
"""

from __future__ import annotations

import errno
import fcntl
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sec_local import extensions
from sec_local.noise import quiet_imports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OBJECTS = "s3-objects"
_LOCK = "in-use"


class StateInUseError(OSError):
    """Another local AWS works on that folder; two would overwrite each other."""

    def __init__(self, state_dir: Path) -> None:
        super().__init__(errno.EBUSY, "in use by another local AWS", str(state_dir))


@contextmanager
def owned(state_dir: Path) -> Iterator[None]:
    """Hold a state folder for this process. The lock ends with the process, however that ends.

    Raises:
        StateInUseError: another process holds it.
    """
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state_dir / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise StateInUseError(state_dir) from held
        yield


def load(state_dir: Path) -> None:
    """Take up what `save` left in `state_dir`; an empty or missing folder is a fresh account."""
    with quiet_imports():
        from ministack import app  # noqa: PLC0415 - MiniStack is imported on first use
        from ministack.core import persistence  # noqa: PLC0415 - the same

        persistence.PERSIST_STATE, persistence.STATE_DIR = True, str(state_dir)
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_objects(state_dir)
        app._load_persisted_state()  # noqa: SLF001 - MiniStack has no public name for it
    for service in ("iam", "cloudformation", "s3", "sts"):
        if (state_dir / f"{service}.json").exists():
            extensions.ensure(service)


def keep_objects(state_dir: Path) -> None:
    """S3 objects are written to the folder as they come, since MiniStack's snapshot has none."""
    from ministack.services import s3  # noqa: PLC0415 - MiniStack is imported on first use

    s3.S3_PERSIST, s3.DATA_DIR = True, str(state_dir / _OBJECTS)
    s3._load_persisted_data()  # noqa: SLF001 - the same


def keep_nothing() -> None:
    """From now on nothing is written anywhere, whatever was kept before in this process."""
    from ministack.core import persistence  # noqa: PLC0415 - MiniStack is imported on first use

    persistence.PERSIST_STATE = False
    if s3 := sys.modules.get("ministack.services.s3"):
        s3.S3_PERSIST = False  # type: ignore[attr-defined]  # MiniStack has no types


def save(state_dir: Path) -> None:
    """Write everything to `state_dir`."""
    from ministack import app  # noqa: PLC0415 - MiniStack is imported on first use
    from ministack.core import persistence  # noqa: PLC0415 - the same

    persistence.PERSIST_STATE, persistence.STATE_DIR = True, str(state_dir)
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, snapshot in app._build_persistence_save_dict().items():  # noqa: SLF001 - the same
        # A service without anything gets no file: reading one back would import the service.
        if _is_empty(snapshot()):
            (state_dir / f"{name}.json").unlink(missing_ok=True)
        else:
            persistence.save_all({name: snapshot})


def _is_empty(value: Any) -> bool:
    """Whether a snapshot holds nothing but empty containers."""
    if value is None:
        return True
    inner = getattr(value, "_data", value)
    if isinstance(inner, dict):
        return all(map(_is_empty, inner.values()))
    return isinstance(inner, list | tuple | set | frozenset) and not inner


def forget() -> None:
    """Empty all stores of the running local AWS."""
    from ministack import app  # noqa: PLC0415 - MiniStack is imported on first use
    from ministack.core import persistence  # noqa: PLC0415 - the same

    kept, persistence.PERSIST_STATE = persistence.PERSIST_STATE, False
    try:
        app._reset_all_state()  # noqa: SLF001 - the same
    finally:
        persistence.PERSIST_STATE = kept


def remove(state_dir: Path) -> list[str]:
    """Delete what `save` wrote, and nothing else that may lie in `state_dir`.

    Returns:
        The names of what was removed.

    Raises:
        StateInUseError: a local AWS works on it.
    """
    if not state_dir.is_dir():
        return []
    removed = []
    with owned(state_dir):
        paths = sorted(state_dir.iterdir())
    for path in paths:
        if path.name == _OBJECTS:
            shutil.rmtree(path)
        elif path.name == _LOCK or (path.suffix == ".json" and b'"__ministack_format__"' in path.read_bytes()[:64]):
            path.unlink()
        else:
            continue
        removed.append(path.name)
    return [name for name in removed if name != _LOCK]
