"""Thousands of pictures: spread over processes, resumable, the same whatever the number of them."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gaitpose.errors import BadSettings, GaitPoseError
from gaitpose.io.files import write_text
from gaitpose.io.json_text import read_json
from gaitpose.io.wpe import WpeWriter
from gaitpose.synthetic.scenes.settings import CAST_SIZE, SceneOptions, SceneSettings

if TYPE_CHECKING:
    from gaitpose.synthetic.scenes.sample import SampleMaker

RECIPE = "synth.json"
"""File in the folder that tells how its samples were made."""

Task = TypeVar("Task")

Progress = Callable[[int, int | None], None]


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


def keep_recipe(folder: Path, recipe: dict[str, object]) -> None:
    """Write down how the samples of a folder are made; refuse to mix two ways.

    Raises
    ------
    BadSettings
        If the folder was begun with another recipe.
    """
    path = folder / RECIPE
    plain = json.loads(json.dumps(recipe))
    if path.exists():
        before = read_json(path)
        differing = sorted(key for key in plain if before.get(key) != plain[key])
        if differing:
            raise BadSettings(
                f"holds samples that were made with another {', '.join(differing)}",
                where=str(folder),
                hint="Take another folder, or the same settings to resume",
            )
    write_text(path, json.dumps(plain, indent=1) + "\n")


def in_processes(work: Callable[[Task], int], tasks: list[Task], processes: int) -> Iterator[int]:
    """Do tasks in processes of one thread each, and yield what each returns, in any order.

    One thread, so that neither speed nor rounding depends on how many processes there are.
    """
    if not tasks:
        return
    context = multiprocessing.get_context("spawn")
    with _one_thread_each(), ProcessPoolExecutor(processes, mp_context=context) as pool:
        pending: set[Future[int]] = set()
        rest = iter(tasks)
        try:
            for task in rest:
                pending.add(pool.submit(work, task))
                if len(pending) < 2 * processes:
                    continue
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
            while pending:
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes that are started meanwhile use one thread for numbers and for drawing."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LP_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_makers: dict[tuple[int, int, Path | None, Path | None], SampleMaker] = {}
"""What this process has built already."""


def _make(task: tuple[ImageJob, list[int]]) -> int:
    """Make some samples of one cast; runs in a process of its own."""
    job, numbers = task
    try:
        maker = _maker(job)
        writer = WpeWriter(job.folder)
        for number in numbers:
            writer.write(number, maker.sample(SceneSettings.draw(job.seed, number, job.options)))
    except GaitPoseError as error:
        # Only an exception whose arguments make it again gets back to the parent.
        raise GaitPoseError(str(error)) from None
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
