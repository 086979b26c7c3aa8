"""``gaitpose record``: colour, depth and intrinsics of a RealSense camera, as a WPE clip."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaitpose.cli.options import (
    SUBJECT,
    Height,
    Identifier,
    LegLength,
    Shank,
    Thigh,
    subject_from,
)
from gaitpose.cli.progress import progress_bar
from gaitpose.errors import BadSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitpose.io.realsense import Captured

DEFAULT_SECONDS = 10.0
"""Length of a recording from a camera."""

CAMERA = "Camera"


def record(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the clip; a new one.")],
    seconds: Annotated[
        float | None,
        typer.Option(help="Length; by default 10 from a camera, all of a recording."),
    ] = None,
    bag: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A RealSense recording (.bag or .db3) instead of a camera.",
            rich_help_panel=CAMERA,
        ),
    ] = None,
    resolution: Annotated[
        str,
        typer.Option(metavar="WxH", help="Pixels of the camera.", rich_help_panel=CAMERA),
    ] = "848x480",
    fps: Annotated[int, typer.Option(help="Frames per second.", rich_help_panel=CAMERA)] = 30,
    exoskeleton: Annotated[
        bool | None,
        typer.Option(help="Whether the subject wears an exoskeleton.", rich_help_panel=SUBJECT),
    ] = None,
    leg_length: LegLength = None,
    thigh: Thigh = None,
    shank: Shank = None,
    height: Height = None,
    identifier: Identifier = None,
) -> None:
    """Record walking with a RealSense camera: pictures, aligned depth, intrinsics.

    DIR becomes a clip of the WPE format (rgb/, depth/, camera.json, subject.json,
    annotations.json without keypoints). Ctrl-C ends a recording early and keeps it.
    """
    from gaitpose.io import recording  # noqa: PLC0415  -- OpenCV
    from gaitpose.io.wpe_writer import WpeWriter  # noqa: PLC0415

    subject = subject_from(leg_length, thigh, shank, height, identifier)
    if seconds is not None and not seconds > 0:
        raise BadSettings("a recording must be longer than 0 s", where="--seconds")
    recording.check_unused(out)
    with (
        _source(bag, (*_pixels(resolution), fps), seconds) as (frames, duration),
        progress_bar("Recording", unit="ms") as progress,
    ):
        made = recording.record(
            frames,
            WpeWriter(out),
            subject.model_dump(exclude_none=True),
            seconds=duration if bag is None else seconds,
            attributes={} if exoskeleton is None else {"exoskeleton": exoskeleton},
            progress=lambda elapsed: progress(int(1000 * elapsed), int(1000 * duration)),
        )
    dropped = f", {made.dropped} dropped" if made.dropped else ""
    typer.echo(f"{made.frames} frames in {made.seconds:.1f} s{dropped}: {made.folder}")


@contextmanager
def _source(
    bag: Path | None, mode: tuple[int, int, int], seconds: float | None
) -> Iterator[tuple[Iterator[Captured], float]]:
    """Open the recording or the camera; with the seconds that are expected of it."""
    from gaitpose.io.realsense import camera_frames, file_frames  # noqa: PLC0415

    if bag is not None:
        with file_frames(bag) as (frames, duration):
            yield frames, min(duration, seconds or duration)
    else:
        with camera_frames(*mode) as frames:
            yield frames, seconds or DEFAULT_SECONDS


def _pixels(resolution: str) -> tuple[int, int]:
    """Parse WIDTHxHEIGHT."""
    width, _, height = resolution.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise BadSettings(f"{resolution!r} is not WIDTHxHEIGHT", where="--resolution")
    return int(width), int(height)
