"""The training loop: any recipe, any number of devices, resumable after a kill at any moment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric

from gaitpose.errors import BadSettings
from gaitpose.pose.estimator import Estimator
from gaitpose.training.evaluation import evaluate_crops
from gaitpose.training.log import Log
from gaitpose.training.mixture import (
    Batch,
    BatchDataset,
    Sources,
    batches_from,
    find_set,
    load_sources,
)
from gaitpose.training.people import Person, read_people
from gaitpose.training.recipes import Recipe
from gaitpose.training.trainer import Trainer

SAVE_EVERY_SECONDS = 60.0
MEASURE_EVERY_SECONDS = 300.0
LOG_EVERY_STEPS = 20
MEASURED_PEOPLE = 300
"""Validation people looked at while training, if the data have any; all are for afterwards."""

ProgressCallback = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Pupil:
    """Another network that is trained beside one, on the same views, which are made once.

    Where its recipe's loss has a lesson (:attr:`~.losses.LossSettings.lesson`), the first one's
    heatmaps teach it.

    Parameters
    ----------
    recipe : Recipe
        Must count the same views in the same sizes as the first one's.
    starts_from : Path, optional
        What it begins with.
    """

    recipe: Recipe
    starts_from: Path | None = None


def train(
    recipe: Recipe,
    data: Path | Sequence[Path],
    out: Path,
    progress: ProgressCallback | None = None,
    *,
    hours: float | None = None,
    workers: int = 1,
    starts_from: Path | None = None,
    teacher: Estimator | None = None,
    fabric: Fabric | None = None,
    compiled: bool = False,
    pupil: Pupil | None = None,
) -> Path:
    """Train a recipe, or go on with the training that `out` holds.

    Parameters
    ----------
    recipe : Recipe
        What to do.
    data : Path or sequence of Path
        Folders that hold the recipe's data sets.
    out : Path
        Folder for ``checkpoint.pt`` and ``log.csv``.
    progress : callable, optional
        Called with (views seen, views in all).
    hours : float, optional
        Time budget. The schedule then runs to its end in this time (all sittings together), or in
        the recipe's number of views if that comes first.
    workers : int
        Processes that make views.
    starts_from : Path, optional
        Checkpoint or weights to begin with (fine-tuning); of a narrower network they are widened.
    teacher : Estimator, optional
        Labels what has none, if the recipe's mixture wants it.
    fabric : lightning_fabric.Fabric, optional
        Devices and precision; by default what the machine has, in bf16.
    compiled : bool
        Whether PyTorch compiles network and losses first (:class:`~.trainer.Trainer`).
    pupil : Pupil, optional
        Trained beside it, in ``out/pupil``.

    Returns
    -------
    Path
        The checkpoint.

    Raises
    ------
    BadSettings
        If a fine-tuning recipe has nothing to start from, `out` holds another training, there is
        no C++ compiler to compile with, or the pupil wants other views or has missed some.
    """
    if pupil is not None:
        _require_same_views(recipe, pupil.recipe)
    fabric = fabric or default_fabric()
    fabric.launch()
    fabric.seed_everything(recipe.seed, verbose=False)
    trainer = Trainer(recipe, fabric, out, hours, compiled=compiled)
    trainer.resume(starts_from)
    beside = None
    if pupil is not None:
        elder = recipe.name if pupil.recipe.loss.lesson else None
        beside = Trainer(pupil.recipe, fabric, out / "pupil", hours, compiled=compiled, elder=elder)
        beside.resume(pupil.starts_from)
        _require_no_views_missed(trainer, beside)
    roots = [data] if isinstance(data, Path) else list(data)
    sources = load_sources(roots, recipe.mixture, teacher=teacher, lessons=out / "lessons")
    _Sitting(trainer, beside, sources, _judges(recipe, roots), workers).run(progress)
    return trainer.checkpoint


def _judges(recipe: Recipe, roots: Sequence[Path]) -> list[Person]:
    """Return some of the people kept back, from all sets."""
    everyone = [
        person
        for name in recipe.mixture.people
        for person in read_people(find_set(roots, name), "validation")
    ]
    return everyone[:: max(1, len(everyone) // MEASURED_PEOPLE)]


def _require_same_views(elder: Recipe, pupil: Recipe) -> None:
    """Both count the same views, and one heatmap can teach the other."""
    for what in ("samples", "batch_size", "phases", "network.heatmap"):
        mine, theirs = attrgetter(what)(elder), attrgetter(what)(pupil)
        if mine != theirs:
            raise BadSettings(
                f"cannot be trained beside {elder.name}: {what} is {theirs} instead of {mine}",
                where=pupil.name,
                hint="Train it by itself",
            )
    if pupil.loss.lesson and pupil.network.heatmap != "distribution":
        raise BadSettings(
            "a heatmap can teach another only where both are distributions",
            where=pupil.name,
            hint="Set the lesson of its loss to 0",
        )


def _require_no_views_missed(elder: Trainer, pupil: Trainer) -> None:
    """Refuse a pupil that is behind; a kill leaves it ahead, as it is written first."""
    missed = elder.progress.step - pupil.progress.step
    if missed > 0:
        raise BadSettings(
            f"cannot join a training that is under way: {missed} batches are missed",
            where=str(pupil.out),
            hint="Choose another folder, or go on without a pupil",
        )


def default_fabric() -> Fabric:
    """All GPUs of this machine, or its processor; under ``torchrun`` what that was told; bf16."""
    if "LOCAL_WORLD_SIZE" in os.environ:
        return Fabric(
            accelerator="auto",
            devices=int(os.environ["LOCAL_WORLD_SIZE"]),
            num_nodes=int(os.environ.get("GROUP_WORLD_SIZE", "1")),
            strategy="ddp",
            precision="bf16-mixed",
        )
    devices = max(1, torch.cuda.device_count())
    return Fabric(accelerator="auto", devices=devices, precision="bf16-mixed")


class _Sitting:
    """One sitting of a training: batches in, logs and checkpoints out."""

    def __init__(
        self,
        trainer: Trainer,
        pupil: Trainer | None,
        sources: Sources,
        judges: Sequence[Person],
        workers: int,
    ) -> None:
        self.trainer = trainer
        self.pupil = pupil
        self.sources = sources
        self.judges = judges
        self.workers = workers
        # Only the first process writes.
        first = trainer.fabric.is_global_zero
        self.logs = [_log(each) for each in self._all] if first else []
        self.clock = self.last_save = self.last_measure = time.monotonic()

    @property
    def _all(self) -> list[Trainer]:
        return [self.trainer] if self.pupil is None else [self.trainer, self.pupil]

    def run(self, progress: ProgressCallback | None) -> None:
        """Train to the end of the budget."""
        trainer = self.trainer
        while trainer.share < 1:
            size = trainer.size
            for batch in self._batches(size):
                losses = self._step(batch)
                self._tick()
                if self.logs:
                    self._record(size, losses)
                    if progress is not None:
                        seen = trainer.progress.samples
                        progress(seen, round(seen / min(trainer.share, 1.0)))
                if trainer.share >= 1 or trainer.size != size:
                    break
        self._save()

    def _step(self, batch: Batch) -> list[dict[str, torch.Tensor]]:
        losses, heatmap = self.trainer.step(batch)
        if self.pupil is None:
            return [losses]
        if self.pupil.progress.step >= self.trainer.progress.step:
            return [losses, {}]  # it had this batch already: killed between the two checkpoints
        return [losses, self.pupil.step(batch, heatmap if self.pupil.elder else None)[0]]

    def _save(self) -> None:
        # The pupil first: it then waits for its elder after a kill in between.
        for trainer in reversed(self._all):
            trainer.save()

    def _batches(self, size: int) -> Iterator[Batch]:
        recipe, fabric = self.trainer.recipe, self.trainer.fabric
        dataset = BatchDataset(
            self.sources,
            recipe.mixture,
            recipe.augment,
            recipe.figures,
            size=size,
            batch_size=max(1, recipe.batch_size // fabric.world_size),
            seed=recipe.seed,
            rank=fabric.global_rank,
            with_depth=recipe.network.depth_head,
        )
        return batches_from(dataset, self.trainer.progress.step, self.workers)

    def _tick(self) -> None:
        """Add the time since the last step; the first process's clock counts for all.

        Otherwise they would not leave the loop at the same step.
        """
        now = time.monotonic()
        progress = self.trainer.progress
        progress.seconds = self.trainer.fabric.broadcast(progress.seconds + now - self.clock)
        if self.pupil is not None:
            self.pupil.progress.seconds = progress.seconds
        self.clock = now

    def _record(self, size: int, losses: list[dict[str, torch.Tensor]]) -> None:
        """Log, measure and save when it is time."""
        measure = bool(self.judges) and self.clock - self.last_measure > MEASURE_EVERY_SECONDS
        if measure:
            self.last_measure = self.clock
        for trainer, log, terms in zip(self._all, self.logs, losses, strict=True):
            if not terms:
                continue
            if trainer.progress.step % LOG_EVERY_STEPS == 0:
                log.write(_row(trainer, size, terms))
            if measure:
                score = evaluate_crops(trainer.average, self.judges, size=size).pcks
                log.write({**_row(trainer, size, terms), "pcks": f"{score:.4f}"})
        if self.clock - self.last_save > SAVE_EVERY_SECONDS:
            self.last_save = self.clock
            self._save()


def _log(trainer: Trainer) -> Log:
    return Log(trainer.out / "log.csv", trainer.progress.step)


def _row(trainer: Trainer, size: int, losses: dict[str, torch.Tensor]) -> dict[str, Any]:
    return {
        "step": trainer.progress.step,
        "samples": trainer.progress.samples,
        "seconds": f"{trainer.progress.seconds:.0f}",
        "size": size,
        "learning_rate": f"{trainer.learning_rate:.2e}",
        **{name: f"{float(losses[name]):.4f}" for name in losses},
    }
