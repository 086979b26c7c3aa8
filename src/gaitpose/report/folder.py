"""The output folder: checked before long work, never left half full, never another's results."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gaitpose.errors import OutputFailed
from gaitpose.io.files import writable_folder

JSON_NAME = "gait.json"


@contextmanager
def output_folder(
    directory: str | os.PathLike[str], input_sha256: Callable[[], str], *, force: bool = False
) -> Iterator[Path]:
    """Make and check the folder for the block; remove it again if the block left nothing in it.

    Parameters
    ----------
    directory : path
        Made, with its parents, where it is absent. Files of other programs in it are left alone.
    input_sha256 : callable
        Computes that of the input to be analysed; called only where it is needed.
    force : bool
        Whether results of another input may be replaced.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    OutputFailed
        If the folder cannot be written to, or holds the results of another input.
    """
    folder = Path(directory)
    is_new = not folder.exists()
    writable_folder(folder)
    if not force:
        _refuse_results_of_another(folder, input_sha256)
    try:
        yield folder
    finally:
        if is_new:
            # Not empty means that something was finished: it stays.
            with suppress(OSError):
                folder.rmdir()


def _refuse_results_of_another(folder: Path, input_sha256: Callable[[], str]) -> None:
    earlier = _input_of(folder / JSON_NAME)
    if earlier is None or earlier.get("sha256") == input_sha256():
        return
    raise OutputFailed(
        f"the folder holds the results of another input ({earlier.get('name', 'unknown')})",
        where=str(folder),
        hint="Choose another folder with --out, or replace them with --force",
    )


def _input_of(path: Path) -> dict[str, str] | None:
    """Input named in an earlier ``gait.json``; None where there is none that can be read."""
    try:
        source = json.loads(path.read_text(encoding="utf-8"))["provenance"]["input"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return source if isinstance(source, dict) else None
