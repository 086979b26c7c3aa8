"""Files as such: what is there, what it hashes to, and writing so that no half file is left."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gaitpose.errors import OutputFailed, UnreadableInput

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_OUTPUT_ERRNOS = _FULL | {errno.EFBIG, errno.EROFS, errno.EIO}
"""Causes that lie with the place written to, whatever the writer was doing."""


def existing_file(path: str | os.PathLike[str]) -> Path:
    """Return the path if it is a file that can be read.

    Raises
    ------
    UnreadableInput
        If there is no such file, it is a folder, is empty, or may not be read.
    """
    path = Path(path)
    where = str(path)
    try:
        if not path.exists():
            raise UnreadableInput("no such file", where=where, hint="Check the path")
        if path.is_dir():
            raise UnreadableInput("this is a folder, a file is needed", where=where)
        if path.stat().st_size == 0:
            raise UnreadableInput("the file is empty", where=where)
        with path.open("rb"):
            return path
    except OSError as error:
        raise UnreadableInput(f"cannot be read ({_reason(error)})", where=where) from error


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with existing_file(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def writable_folder(path: str | os.PathLike[str]) -> Path:
    """Make sure a folder exists and can be written to, before long work starts.

    Parameters
    ----------
    path : path
        Made, with its parents, where it is absent.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    OutputFailed
        If it cannot be made or written to.
    """
    folder = Path(path)
    probe = folder / _temporary_name("")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OutputFailed(
            f"the output folder cannot be written to ({_reason(error)})",
            where=str(folder),
            hint="Choose another folder with --out",
        ) from error
    return folder


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside `path`, renamed to it once the block has succeeded.

    Whatever ends the block early (an error, Ctrl-C), the temporary file is removed and a file
    that stood at `path` before stays as it was.

    Parameters
    ----------
    path : path
        Where the result shall be. Its folder must exist.

    Yields
    ------
    pathlib.Path
        A name in the same folder with the same suffix; the block writes there and closes it.

    Raises
    ------
    OutputFailed
        If the folder is not writable or the disk is full.
    """
    final = Path(path)
    temporary = final.with_name(_temporary_name(final.suffix))
    try:
        _touch(temporary, final)
        yield temporary
        temporary.replace(final)
    except OSError as error:
        if error.errno in _OUTPUT_ERRNOS or _concerns(error, temporary):
            raise _failed(error, final) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def one_line(error: Exception) -> str:
    """Return a library's error as one line, to be quoted in ours."""
    return " ".join(str(error).split())


def write_text(path: str | os.PathLike[str], text: str) -> Path:
    """Write a UTF-8 text file in one piece: whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return Path(path)


def _touch(temporary: Path, final: Path) -> None:
    if final.is_dir():
        raise OutputFailed("a folder of this name is in the way", where=str(final))
    temporary.touch(exist_ok=False)


def _temporary_name(suffix: str) -> str:
    return f".gaitpose-{secrets.token_hex(6)}{suffix}"


def _concerns(error: OSError, temporary: Path) -> bool:
    return isinstance(error.filename, str | bytes) and (
        Path(os.fsdecode(error.filename)) == temporary
    )


def _failed(error: OSError, final: Path) -> OutputFailed:
    full = error.errno in _FULL
    what = "the disk is full" if full else f"cannot be written ({_reason(error)})"
    hint = "Free some space or choose another folder" if full else "Choose another folder"
    return OutputFailed(what, where=str(final), hint=hint)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
