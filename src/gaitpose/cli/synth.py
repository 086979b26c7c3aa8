"""``gaitpose synth``: walkers with known truth, as labelled pictures or clips."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gaitpose.cli.progress import progress_bar
from gaitpose.errors import BadSettings, MissingExtra

SMALLEST, LARGEST = 64, 4096


def synth(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the samples.")],
    count: Annotated[int, typer.Option(min=1, help="How many.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same files.")] = 0,
    exoskeleton: Annotated[
        float, typer.Option(min=0, max=1, help="Share of samples with an exoskeleton.")
    ] = 0.5,
    all_around: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of pictures seen from anywhere, not from the side."),
    ] = 0.1,
    standing: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pictures of people who stand.")
    ] = 0.08,
    clips: Annotated[
        bool, typer.Option("--clips", help="Make videos with truth instead of pictures.")
    ] = False,
    size: Annotated[
        str | None,
        typer.Option(metavar="N|WxH", help="Pixels; by default 512, for clips 960x540."),
    ] = None,
    fps: Annotated[float, typer.Option(min=1, max=240, help="Of clips.")] = 30.0,
    frames: Annotated[
        bool, typer.Option("--frames", help="Keep all pictures of the clips, depth and labels.")
    ] = False,
    assets: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Clothes, hair and skins in MakeHuman's format."),
    ] = None,
    backgrounds: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Photographs without people, for some backgrounds."),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="By default one a processor core.")
    ] = None,
) -> None:
    """Draw people walking, with and without an exoskeleton: pictures, depth and labels.

    Stopped and started again it goes on where it was.
    """
    _require_extra()
    # Loaded late: --help must be quick.
    from gaitpose.synthetic.scenes.backdrops import photos_in  # noqa: PLC0415
    from gaitpose.synthetic.scenes.generate import ImageJob, generate_images  # noqa: PLC0415
    from gaitpose.synthetic.scenes.generate_clips import ClipJob, generate_clips  # noqa: PLC0415
    from gaitpose.synthetic.scenes.settings import SceneOptions  # noqa: PLC0415

    width, height = picture_size(size or ("960x540" if clips else "512"))
    options = SceneOptions(
        exoskeleton=exoskeleton,
        photos=len(photos_in(backgrounds)),
        all_around=all_around,
        standing=standing,
    )
    workers = processes or os.cpu_count() or 1
    what = "clips" if clips else "samples"
    with progress_bar("Drawing walkers", what) as progress:
        if clips:
            films = ClipJob(
                out, count, seed, options, width, height, fps, frames, assets, backgrounds
            )
            total = generate_clips(films, processes=workers, progress=progress)
        else:
            job = ImageJob(out, count, seed, options, width, height, assets, backgrounds)
            total = generate_images(job, processes=workers, progress=progress)
    Console().print(f"{total} {what} in {out}")


def picture_size(text: str) -> tuple[int, int]:
    """Parse ``N`` or ``WxH``, pixels.

    Raises
    ------
    BadSettings
        If it is neither, or out of range.
    """
    parts = text.lower().split("x")
    if len(parts) not in (1, 2) or not all(part.strip().isdigit() for part in parts):
        raise BadSettings(f"{text!r} is not a size such as 512 or 960x540", where="--size")
    width, height = int(parts[0]), int(parts[-1])
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise BadSettings(f"sides are {SMALLEST} to {LARGEST} pixels", where="--size")
    return width, height


def _require_extra() -> None:
    """Say at once, and not from a worker, what is not installed."""
    from importlib.util import find_spec  # noqa: PLC0415  -- only here

    if find_spec("anny") is None or find_spec("moderngl") is None:
        raise MissingExtra("Drawing walkers", "synthetic")
