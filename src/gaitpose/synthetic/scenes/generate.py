"""Thousands of pictures: spread over processes, resumable, the same whatever the number of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gaitpose.errors import BadSettings
from gaitpose.io.wpe import WpeWriter
from gaitpose.synthetic.scenes.settings import CAST_SIZE, SceneOptions, SceneSettings
from gaitpose.synthetic.scenes.workers import (
    Progress,
    errors_that_travel,
    in_processes,
    keep_recipe,
)

if TYPE_CHECKING:
    from gaitpose.synthetic.scenes.sample import SampleMaker


@dataclass(frozen=True)
class ImageJob:
    """Pictures to be made.

    Parameters
    ----------
    folder : Path
        Where they go.
    count : int
        How many; more can be added later by a larger number.
    seed : int
    options : SceneOptions
        The number of photographs in it is that of `backgrounds`.
    width, height : int
        Pixels.
    assets, backgrounds : Path or None
        Folders of clothes and of photographs.
    """

    folder: Path
    count: int
    seed: int = 0
    options: SceneOptions = field(default_factory=SceneOptions)
    width: int = 512
    height: int = 512
    assets: Path | None = None
    backgrounds: Path | None = None

    def recipe(self) -> dict[str, object]:
        """Return what must be the same for all samples of a folder."""
        return {
            "seed": self.seed,
            "width": self.width,
            "height": self.height,
            "assets": self.assets is not None,
            **asdict(self.options),
        }


def generate_images(job: ImageJob, *, processes: int, progress: Progress | None = None) -> int:
    """Make the pictures of a job that are not there yet.

    Parameters
    ----------
    job : ImageJob
    processes : int
    progress : callable, optional
        Called with (samples done, samples in all).

    Returns
    -------
    int
        Samples in the folder.

    Raises
    ------
    BadSettings
        If the folder holds samples that were made otherwise.
    """
    if job.count < 1 or processes < 1:
        raise BadSettings("count and processes are at least 1")
    writer = WpeWriter(job.folder)
    keep_recipe(job.folder, job.recipe())
    missing = [number for number in range(job.count) if not writer.has(number)]
    casts: dict[int, list[int]] = {}
    for number in missing:
        casts.setdefault(number // CAST_SIZE, []).append(number)
    done = job.count - len(missing)
    for made in in_processes(_make, [(job, numbers) for numbers in casts.values()], processes):
        done += made
        if progress is not None:
            progress(done, job.count)
    return writer.finish()


_makers: dict[tuple[int, int, Path | None, Path | None], SampleMaker] = {}
"""What this process has built already."""


def _make(task: tuple[ImageJob, list[int]]) -> int:
    """Make some samples of one cast; runs in a process of its own."""
    job, numbers = task
    with errors_that_travel():
        maker = _maker(job)
        writer = WpeWriter(job.folder)
        for number in numbers:
            writer.write(number, maker.sample(SceneSettings.draw(job.seed, number, job.options)))
    return len(numbers)


def _maker(job: ImageJob) -> SampleMaker:
    from gaitpose.synthetic.people import Wardrobe  # noqa: PLC0415  -- heavy: only in the workers
    from gaitpose.synthetic.scenes.backdrops import photos_in  # noqa: PLC0415
    from gaitpose.synthetic.scenes.sample import SampleMaker  # noqa: PLC0415

    key = (job.width, job.height, job.assets, job.backgrounds)
    if key not in _makers:
        wardrobe = None if job.assets is None else Wardrobe(job.assets)
        photos = photos_in(job.backgrounds)
        _makers[key] = SampleMaker(job.width, job.height, wardrobe, photos)
    return _makers[key]
