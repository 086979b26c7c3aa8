"""Mixes views of real people, drawn figures and empty scenes into batches by stated shares.

Batch number `k` is a pure function of the seed, the process's rank and `k`: so training can stop
anywhere, be resumed, and use any number of workers without changing what it sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from gaitpose.errors import UnreadableInput
from gaitpose.pose.codec import ABSENT
from gaitpose.skeleton import JOINTS
from gaitpose.training.figures import FigureSettings, figure_view
from gaitpose.training.people import Part, Person, read_people, read_pictures
from gaitpose.training.views import AugmentSettings, View, finish_view, person_view, stack


@dataclass(frozen=True)
class MixtureSettings:
    """Which data a recipe takes, and how much of each.

    Parameters
    ----------
    people : mapping of str to float
        Share of each folder of labelled people.
    figures : float
        Share of drawn walkers over `backgrounds`.
    empty : float
        Share of scenes without anybody, in which no joint may be found.
    backgrounds : str
        Folder of pictures without people.
    """

    people: dict[str, float] = field(default_factory=lambda: {"lspet": 1.0})
    figures: float = 0.0
    empty: float = 0.0
    backgrounds: str = "backgrounds"


@dataclass(frozen=True)
class Batch:
    """What the loop takes: uint8 images (B, S, S, 3), joints (B, 8, 2), states (B, 8)."""

    images: torch.Tensor
    joints: torch.Tensor
    state: torch.Tensor


@dataclass(frozen=True)
class Sources:
    """The decoded pictures of a mixture, in memory."""

    people: dict[str, list[Person]]
    backgrounds: list[np.ndarray]


def load_sources(root: Path, settings: MixtureSettings, part: Part = "train") -> Sources:
    """Read everything a mixture needs below `root`.

    Raises
    ------
    UnreadableInput
        If a folder is missing or holds nobody.
    """
    people = {name: read_people(root / name, part) for name in settings.people}
    for name, everyone in people.items():
        if not everyone:
            raise UnreadableInput("holds no labelled people", where=str(root / name))
    needs_backgrounds = settings.figures > 0 or settings.empty > 0
    backgrounds = read_pictures(root / settings.backgrounds) if needs_backgrounds else []
    if needs_backgrounds and not backgrounds:
        raise UnreadableInput("holds no pictures", where=str(root / settings.backgrounds))
    return Sources(people, backgrounds)


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
    ) -> None:
        self.sources = sources
        self.settings = settings
        self.augment = augment
        self.figures = figures
        self.size = size
        self.batch_size = batch_size
        self.key = (seed, rank)
        shares = {**settings.people, "figures": settings.figures, "empty": settings.empty}
        self.names = list(shares)
        self.shares = np.array(list(shares.values())) / sum(shares.values())

    def __getitem__(self, index: int) -> Batch:
        """Return batch number `index`."""
        rng = np.random.default_rng((*self.key, index))
        images, joints, state = stack([self._view(rng) for _ in range(self.batch_size)])
        return Batch(torch.from_numpy(images), torch.from_numpy(joints), torch.from_numpy(state))

    def _view(self, rng: np.random.Generator) -> View:
        name = self.names[rng.choice(len(self.names), p=self.shares)]
        if name == "figures":
            view = figure_view(self._scene(rng), self.figures, rng)
            return finish_view(view, self.augment, rng)
        if name == "empty":
            absent = np.full(len(JOINTS), ABSENT)
            return finish_view(
                View(self._scene(rng), np.zeros((len(JOINTS), 2)), absent), self.augment, rng
            )
        everyone = self.sources.people[name]
        return person_view(everyone[rng.integers(len(everyone))], self.size, self.augment, rng)

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
