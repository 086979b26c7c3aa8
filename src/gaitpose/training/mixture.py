"""Mixes views of real people, drawn figures and empty scenes into batches by stated shares.

Batch number `k` is a pure function of the seed, the process's rank and `k`: so training can stop
anywhere, be resumed, and use any number of workers without changing what it sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.pose.codec import ABSENT
from gaitpose.pose.estimator import Estimator
from gaitpose.skeleton import JOINTS
from gaitpose.training.bystanders import paste_bystander, read_cutouts
from gaitpose.training.figures import FigureSettings, figure_view
from gaitpose.training.people import (
    FEWEST_JOINTS,
    Part,
    Person,
    read_boxed_people,
    read_people,
    read_pictures,
)
from gaitpose.training.teacher import TeacherSettings, look_at_everyone, mend
from gaitpose.training.views import (
    AugmentSettings,
    View,
    finish_view,
    person_view,
    relative_depth,
    stack,
)


@dataclass(frozen=True)
class MixtureSettings:
    """Which data a recipe takes, and how much of each.

    Parameters
    ----------
    people : mapping of str to float
        Share of each folder of labelled people (COCO keypoints, or a WPE folder).
    boxed : mapping of str to float
        Share of each folder of people who have a box only; the teacher labels them.
    figures : float
        Share of drawn walkers over `backgrounds`.
    empty : float
        Share of scenes without anybody, in which no joint may be found.
    backgrounds : str
        Folder of pictures without people.
    cutouts : str or None
        Folder of people with instance masks, to be pasted beside others.
    mended : tuple of str
        Folders of `people` whose crowd labels the teacher mends.
    teacher : TeacherSettings
        When the teacher is believed.
    """

    people: dict[str, float] = field(default_factory=lambda: {"lspet": 1.0})
    boxed: dict[str, float] = field(default_factory=dict)
    figures: float = 0.0
    empty: float = 0.0
    backgrounds: str = "backgrounds"
    cutouts: str | None = None
    mended: tuple[str, ...] = ()
    teacher: TeacherSettings = field(default_factory=TeacherSettings)

    @property
    def needs_teacher(self) -> bool:
        """Whether anything is labelled or mended by the teacher."""
        return bool(self.boxed or self.mended)


@dataclass(frozen=True)
class Batch:
    """What the loop takes.

    Attributes
    ----------
    images : uint8 Tensor (B, S, S, 3)
    joints : float Tensor (B, 8, 2)
        Pixels of the view.
    state : int Tensor (B, 8)
    depth : float Tensor (B, 1, S, S) or None
        Relative depth, NaN where unknown; only where asked for.
    """

    images: torch.Tensor
    joints: torch.Tensor
    state: torch.Tensor
    depth: torch.Tensor | None = None

    def parts_on(self, device: torch.device) -> tuple[torch.Tensor | None, ...]:
        """Return images, joints, state and depth on a device, without waiting for them."""
        parts = (self.images, self.joints, self.state, self.depth)
        return tuple(None if part is None else part.to(device, non_blocking=True) for part in parts)

    def pin_memory(self) -> Batch:
        """Return the batch where a GPU can fetch it by itself (the loader asks for it)."""
        depth = None if self.depth is None else self.depth.pin_memory()
        return Batch(
            self.images.pin_memory(), self.joints.pin_memory(), self.state.pin_memory(), depth
        )


@dataclass(frozen=True)
class Sources:
    """The decoded pictures of a mixture, in memory."""

    people: dict[str, list[Person]]
    backgrounds: list[np.ndarray]
    cutouts: list[np.ndarray] = field(default_factory=list)


def load_sources(
    roots: Path | Sequence[Path],
    settings: MixtureSettings,
    part: Part = "train",
    teacher: Estimator | None = None,
    lessons: Path | None = None,
) -> Sources:
    """Read everything a mixture needs.

    Parameters
    ----------
    roots : Path or sequence of Path
        Folders that hold the data sets; the first that has a set of the name counts.
    settings : MixtureSettings
        What is needed.
    part : {"train", "validation", "all"}
        Which side of the committed split.
    teacher : Estimator, optional
        Needed if ``settings.needs_teacher``.
    lessons : Path, optional
        Folder in which what the teacher said is kept.

    Raises
    ------
    UnreadableInput
        If a folder is missing or holds nobody.
    BadSettings
        If a teacher is needed and not given.
    """
    roots = [roots] if isinstance(roots, Path) else list(roots)
    people = {name: read_people(find_set(roots, name), part) for name in settings.people}
    people |= {name: read_boxed_people(find_set(roots, name)) for name in settings.boxed}
    if settings.needs_teacher:
        if teacher is None:
            raise BadSettings("labels of this mixture come from a teacher", where="teacher")
        for name in (*settings.boxed, *settings.mended):
            people[name] = _taught(people[name], teacher, settings.teacher, name, part, lessons)
    for name, everyone in people.items():
        if not everyone:
            raise UnreadableInput("holds no labelled people", where=str(find_set(roots, name)))
    needs_backgrounds = settings.figures > 0 or settings.empty > 0
    backgrounds = read_pictures(find_set(roots, settings.backgrounds)) if needs_backgrounds else []
    if needs_backgrounds and not backgrounds:
        raise UnreadableInput("holds no pictures", where=settings.backgrounds)
    cutouts = [] if settings.cutouts is None else read_cutouts(find_set(roots, settings.cutouts))
    return Sources(people, backgrounds, cutouts)


def find_set(roots: Sequence[Path], name: str) -> Path:
    """Return the folder of a data set: below the first root that has it."""
    return next((root / name for root in roots if (root / name).is_dir()), roots[0] / name)


def _taught(
    everyone: list[Person],
    teacher: Estimator,
    settings: TeacherSettings,
    name: str,
    part: Part,
    lessons: Path | None,
) -> list[Person]:
    cache = None if lessons is None else lessons / f"{name}-{part}.npy"
    looks = look_at_everyone(teacher, everyone, cache)
    mended = [mend(person, look, settings) for person, look in zip(everyone, looks, strict=True)]
    return [person for person in mended if (person.visibility > 0).sum() >= FEWEST_JOINTS]


class BatchDataset(Dataset[Batch]):
    """Item `k` is batch number `k`.

    Parameters
    ----------
    sources : Sources
        Pictures in memory; worker processes share them.
    settings : MixtureSettings
        The shares.
    augment, figures
        How views are spoilt and figures drawn.
    size, batch_size : int
        Side of a view in pixels, and views in a batch.
    with_depth : bool
        Whether batches carry depth.
    seed, rank : int
        What makes two runs, and two processes of one run, differ.
    """

    def __init__(
        self,
        sources: Sources,
        settings: MixtureSettings,
        augment: AugmentSettings,
        figures: FigureSettings,
        *,
        size: int,
        batch_size: int,
        seed: int,
        rank: int = 0,
        with_depth: bool = False,
    ) -> None:
        self.sources = sources
        self.settings = settings
        self.augment = augment
        self.figures = figures
        self.size = size
        self.batch_size = batch_size
        self.with_depth = with_depth
        self.key = (seed, rank)
        shares = {
            **settings.people,
            **settings.boxed,
            "figures": settings.figures,
            "empty": settings.empty,
        }
        self.names = list(shares)
        self.shares = np.array(list(shares.values())) / sum(shares.values())

    def __getitem__(self, index: int) -> Batch:
        """Return batch number `index`."""
        rng = np.random.default_rng((*self.key, index))
        views = [self._view(rng) for _ in range(self.batch_size)]
        images, joints, state = (torch.from_numpy(part) for part in stack(views))
        if not self.with_depth:
            return Batch(images, joints, state)
        depth = np.stack([relative_depth(view) for view in views])[:, None]
        return Batch(images, joints, state, torch.from_numpy(depth))

    def _view(self, rng: np.random.Generator) -> View:
        name = self.names[rng.choice(len(self.names), p=self.shares)]
        if name == "figures":
            view = figure_view(self._scene(rng), self.figures, rng)
        elif name == "empty":
            absent = np.full(len(JOINTS), ABSENT)
            return finish_view(
                View(self._scene(rng), np.zeros((len(JOINTS), 2)), absent), self.augment, rng
            )
        else:
            everyone = self.sources.people[name]
            person = everyone[rng.integers(len(everyone))]
            view = person_view(person, self.size, self.augment, rng)
        if self.sources.cutouts and rng.random() < self.augment.bystander_share:
            view = paste_bystander(view, self.sources.cutouts, rng)
        return finish_view(view, self.augment, rng)

    def _scene(self, rng: np.random.Generator) -> np.ndarray:
        picture = self.sources.backgrounds[rng.integers(len(self.sources.backgrounds))]
        shortest = min(picture.shape[:2])
        side = int(rng.uniform(0.4, 1.0) * shortest)
        top = rng.integers(picture.shape[0] - side + 1)
        left = rng.integers(picture.shape[1] - side + 1)
        window = picture[top : top + side, left : left + side]
        flag = cv2.INTER_AREA if side > self.size else cv2.INTER_LINEAR
        return cv2.resize(window, (self.size, self.size), interpolation=flag)


def batches_from(dataset: BatchDataset, first: int, workers: int) -> Iterator[Batch]:
    """Yield batches number `first`, `first` + 1, ... without end, made by worker processes."""
    if workers:
        # A forked worker cannot use OpenCV's threads, nor end them: end them before the fork.
        cv2.setNumThreads(1)
    loader: DataLoader[Batch] = DataLoader(
        dataset,
        batch_size=None,
        sampler=_CountFrom(first),
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        pin_memory=torch.cuda.is_available(),
    )
    return iter(loader)


class _CountFrom(torch.utils.data.Sampler[int]):
    def __init__(self, first: int) -> None:
        self.first = first

    def __iter__(self) -> Iterator[int]:
        index = self.first
        while True:
            yield index
            index += 1
