"""Files that are either there whole or not at all, and one run at a time in a folder."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from stockcust.errors import CallError, Problem

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = ".lock"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Let a file be written under another name, then put it in its place.

    Parameters
    ----------
    path : where the file belongs; what is there stays until the new one is complete.

    Yields
    ------
    the path to write to, in the same folder.

    Raises
    ------
    OSError : the disk is full or not writable; the old file is untouched.
    """
    descriptor, name = tempfile.mkstemp(prefix=".new-", suffix=path.suffix, dir=path.parent)
    os.close(descriptor)
    written = Path(name)
    try:
        yield written
        written.chmod(0o644 & ~_umask())
        move_whole(written, path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a text file with `whole_file`."""
    with whole_file(path) as written:
        written.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, content: Any) -> None:
    """Write JSON with `write_whole`."""
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Make a folder unless it is there; only its owner can read it, and it is there whole.

    Parameters
    ----------
    folder : its name says what is in it; others beside it are of earlier runs and removed.
    make : fills the empty folder that it is given, on the same file system.

    Returns
    -------
    the folder.
    """
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        try:
            make(draft)
            for path in draft.rglob("*"):
                path.chmod(0o700 if path.is_dir() else 0o600)
            draft.replace(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return folder


def move_whole(source: Path, target: Path) -> None:
    """Put a finished file in its place at once; both lie on the same file system."""
    # on Windows only a file open for writing can be flushed
    with source.open("rb") as file, suppress(OSError):
        os.fsync(file.fileno())
    source.replace(target)
    _sync_folder(target.parent)


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Hold a folder for one run; the system lets go of it even if the run is killed.

    Raises
    ------
    CallError : another run holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        try:
            _lock(file)
        except OSError as error:
            raise CallError(
                Problem(
                    "another run is writing here",
                    str(folder),
                    "wait until it has ended, or choose another folder with --out",
                )
            ) from error
        yield


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # has no such thing
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
