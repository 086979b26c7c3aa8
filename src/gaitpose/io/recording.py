"""Writes a stream of pictures with depth as one clip of the WPE format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaitpose.errors import OutputFailed, UnreadableInput
from gaitpose.io.realsense import Captured
from gaitpose.io.wpe_sample import ANNOTATIONS, RGB, Sample
from gaitpose.io.wpe_writer import WpeWriter

_WRITERS = 2
"""Threads that compress pictures: one does not keep up with 30 frames a second of 848 x 480."""

_MOST_WAITING = 90
"""Frames that may wait for a writer, before the camera has to; about 200 MB."""


@dataclass(frozen=True)
class Recorded:
    """What was recorded.

    Parameters
    ----------
    folder : Path
    frames : int
    dropped : int
        Frames that the camera counted and did not deliver, or that came too fast for the disk.
    seconds : float
        From the first to the last frame.
    """

    folder: Path
    frames: int
    dropped: int
    seconds: float


def check_unused(folder: str | os.PathLike[str]) -> None:
    """Make sure that no recording would be written into another.

    Raises
    ------
    OutputFailed
        If the folder holds a recording already.
    """
    folder = Path(folder)
    if (folder / ANNOTATIONS).exists() or any((folder / RGB).glob("*.jpg")):
        raise OutputFailed(
            "there is a recording in this folder already", where=str(folder), hint="Give another"
        )


def record(
    frames: Iterator[Captured],
    writer: WpeWriter,
    subject: Mapping[str, Any],
    *,
    seconds: float | None = None,
    attributes: Mapping[str, Any] | None = None,
    progress: Callable[[float], None] = lambda _seconds: None,
) -> Recorded:
    """Write frames until they end, the time is over, or Ctrl-C; what came until then is kept.

    Parameters
    ----------
    frames : iterator of Captured
    writer : WpeWriter
        Of a folder that :func:`check_unused` has passed.
    subject : mapping
        Facts, as :class:`gaitpose.subject.Subject` takes them.
    seconds : float, optional
        Length of the clip; by default all that come.
    attributes : mapping, optional
        Kept with every picture.
    progress : callable
        Called with the seconds recorded so far.

    Raises
    ------
    UnreadableInput
        If no complete frame comes at all.
    """
    with ThreadPoolExecutor(_WRITERS) as pool:
        waiting: list[Future[None]] = []
        first = last = None
        count = 0
        try:
            for frame in frames:
                first = first or frame
                elapsed = frame.time_s - first.time_s
                if seconds is not None and elapsed >= seconds:
                    break
                sample = Sample(
                    frame.rgb,
                    frame.depth,
                    frame.camera,
                    time_s=elapsed,
                    subject=subject,
                    attributes=attributes or {},
                )
                waiting = _bounded(waiting)
                waiting.append(pool.submit(writer.write, count, sample))
                last, count = frame, count + 1
                progress(elapsed)
        except KeyboardInterrupt:  # the usual way to end a recording of unknown length
            pass
        for future in waiting:
            future.result()
    writer.finish()
    if first is None or last is None:
        raise UnreadableInput("no frame with both colour and depth came")
    dropped = last.number - first.number + 1 - count
    return Recorded(writer.folder, count, max(dropped, 0), last.time_s - first.time_s)


def _bounded(waiting: list[Future[None]]) -> list[Future[None]]:
    """Let go of what is written; wait if too much is not. A writer's error is raised here."""
    for future in waiting:
        if future.done():
            future.result()
    waiting = [future for future in waiting if not future.done()]
    if len(waiting) >= _MOST_WAITING:
        waiting.pop(0).result()
    return waiting
