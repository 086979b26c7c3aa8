"""The training loop: any recipe, any number of devices, resumable after a kill at any moment."""

from __future__ import annotations

import copy
import csv
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import nn

from gaitpose.errors import BadSettings
from gaitpose.pose.config import STRIDE
from gaitpose.pose.labels import encode, grey_depth, normalise
from gaitpose.pose.network import PoseNetwork, as_channels_last
from gaitpose.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from gaitpose.training.evaluation import evaluate_crops
from gaitpose.training.losses import compute_losses
from gaitpose.training.mixture import Batch, BatchDataset, Sources, batches_from, load_sources
from gaitpose.training.people import Person, read_people
from gaitpose.training.recipes import Recipe

SAVE_EVERY_SECONDS = 60.0
MEASURE_EVERY_SECONDS = 300.0
LOG_EVERY_STEPS = 20
MEASURED_PEOPLE = 300
"""Validation people looked at while training; all of them are for afterwards."""

ProgressCallback = Callable[[int, int | None], None]


def train(
    recipe: Recipe,
    data: Path,
    out: Path,
    progress: ProgressCallback | None = None,
    *,
    hours: float | None = None,
    workers: int = 1,
    starts_from: Path | None = None,
    fabric: Fabric | None = None,
) -> Path:
    """Train a recipe, or go on with the training that `out` holds.

    Parameters
    ----------
    recipe : Recipe
        What to do.
    data : Path
        Folder that holds the recipe's data sets.
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
        Checkpoint of the recipe that this one begins with (fine-tuning).
    fabric : lightning_fabric.Fabric, optional
        Devices and precision; by default what the machine has, in bf16.

    Returns
    -------
    Path
        The checkpoint.

    Raises
    ------
    BadSettings
        If a fine-tuning recipe has nothing to start from.
    """
    fabric = fabric or Fabric(accelerator="auto", devices=1, precision="bf16-mixed")
    fabric.launch()
    fabric.seed_everything(recipe.seed, verbose=False)
    trainer = _Trainer(recipe, fabric, out, hours)
    trainer.resume(starts_from)
    sources = load_sources(data, recipe.mixture)
    judges = [
        person
        for name in recipe.mixture.people
        for person in read_people(data / name, "validation")
    ]
    trainer.run(sources, judges[:: max(1, len(judges) // MEASURED_PEOPLE)], workers, progress)
    return trainer.checkpoint


class _Trainer:
    """State of one training: network, its moving average, optimiser, progress."""

    def __init__(self, recipe: Recipe, fabric: Fabric, out: Path, hours: float | None) -> None:
        self.recipe, self.fabric, self.out = recipe, fabric, out
        self.budget_seconds = hours * 3600 if hours is not None else float("inf")
        self.checkpoint = out / "checkpoint.pt"
        self.progress = Progress()
        network = as_channels_last(PoseNetwork(recipe.network))
        self.average = copy.deepcopy(network).to(fabric.device).requires_grad_(False).eval()
        frozen = [network.stem, *network.stages][
            : recipe.frozen_stages and recipe.frozen_stages + 1
        ]
        for module in frozen:
            module.requires_grad_(False)
        self.frozen = frozen
        self.plain = network
        self.network, self.optimizer = fabric.setup(network, _optimizer(network, recipe))

    @property
    def share(self) -> float:
        """How much of the training is done, 0..1."""
        return max(
            self.progress.samples / self.recipe.samples,
            self.progress.seconds / self.budget_seconds,
        )

    def resume(self, starts_from: Path | None) -> None:
        """Restore the checkpoint in `out` or, in a new fine-tuning, the weights to begin with."""
        if self.checkpoint.exists():
            state = load_checkpoint(self.checkpoint)
            self.plain.load_state_dict(state["network"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.progress = Progress(**state["progress"])
        elif starts_from is not None:
            weights = load_checkpoint(starts_from)["average"]
            self.plain.load_state_dict(weights)
            self.average.load_state_dict(weights)
        elif self.recipe.starts_from is not None:
            raise BadSettings(
                f"starts from the weights of {self.recipe.starts_from}",
                where=self.recipe.name,
                hint="Give the folder of that training",
            )

    def save(self) -> None:
        """Write the checkpoint (first process only)."""
        if self.fabric.is_global_zero:
            save_checkpoint(
                self.checkpoint,
                {
                    "recipe": self.recipe.name,
                    "config": asdict(self.recipe.network),
                    "network": self.plain.state_dict(),
                    "average": self.average.state_dict(),
                    "optimizer": self.optimizer.state_dict(),
                    "progress": asdict(self.progress),
                },
            )

    def run(
        self,
        sources: Sources,
        judges: list[Person],
        workers: int,
        progress: ProgressCallback | None,
    ) -> None:
        """Train to the end of the budget."""
        log = _Log(self.out / "log.csv", self.progress.step) if self.fabric.is_global_zero else None
        last_save = last_measure = time.monotonic()
        before = last_save
        while self.share < 1:
            size = self.recipe.size_at(self.share)
            for batch in self._batches(sources, size, workers):
                losses = self._step(batch)
                now = time.monotonic()
                # All processes must leave the loop at the same step: the first one's clock counts.
                self.progress.seconds = self.fabric.broadcast(self.progress.seconds + now - before)
                before = now
                if log is None:
                    if self._is_over(size):
                        break
                    continue
                if progress is not None:
                    progress(self.progress.samples, self.recipe.samples)
                if self.progress.step % LOG_EVERY_STEPS == 0:
                    log.write(self._row(size, losses))
                if now - last_measure > MEASURE_EVERY_SECONDS:
                    last_measure = now
                    score = evaluate_crops(self.average, judges, size=size).pcks
                    log.write({**self._row(size, losses), "pcks": f"{score:.4f}"})
                if now - last_save > SAVE_EVERY_SECONDS:
                    last_save = now
                    self.save()
                if self._is_over(size):
                    break
        self.save()

    def _is_over(self, size: int) -> bool:
        return self.share >= 1 or self.recipe.size_at(self.share) != size

    def _batches(self, sources: Sources, size: int, workers: int) -> Iterator[Batch]:
        recipe = self.recipe
        dataset = BatchDataset(
            sources,
            recipe.mixture,
            recipe.augment,
            recipe.figures,
            size=size,
            batch_size=max(1, recipe.batch_size // self.fabric.world_size),
            seed=recipe.seed,
            rank=self.fabric.global_rank,
        )
        return batches_from(dataset, self.progress.step, workers)

    def _step(self, batch: Batch) -> dict[str, torch.Tensor]:
        recipe, device = self.recipe, self.fabric.device
        self.network.train()
        for module in self.frozen:
            module.eval()
        for group in self.optimizer.param_groups:
            group["lr"] = recipe.learning_rate * recipe.schedule.factor(self.share)
        images, joints, state = (
            part.to(device, non_blocking=True) for part in (batch.images, batch.joints, batch.state)
        )
        size = (images.shape[1] // STRIDE, images.shape[2] // STRIDE)
        labels = encode(joints, state, size, recipe.codec, recipe.network.jgs)
        pixels = normalise(images).contiguous(memory_format=torch.channels_last)
        maps = self.network(pixels)
        losses = compute_losses(
            maps, labels, state, grey_depth(images), recipe.network.heatmap, recipe.loss
        )
        self.optimizer.zero_grad(set_to_none=True)
        self.fabric.backward(losses["total"])
        nn.utils.clip_grad_norm_(self.plain.parameters(), recipe.clip_norm)
        self.optimizer.step()
        self.progress.step += 1
        self.progress.samples += len(images) * self.fabric.world_size
        self._follow()
        return {name: value.detach() for name, value in losses.items()}

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average toward the network; faster at the start, when it knows nothing."""
        step = self.progress.step
        decay = min(self.recipe.ema_decay, (1 + step) / (10 + step))
        theirs, mine = self.plain.state_dict(), self.average.state_dict()
        for name, value in mine.items():
            if value.is_floating_point():
                value.lerp_(theirs[name].to(value.dtype), 1 - decay)
            else:
                value.copy_(theirs[name])

    def _row(self, size: int, losses: dict[str, torch.Tensor]) -> dict[str, Any]:
        return {
            "step": self.progress.step,
            "samples": self.progress.samples,
            "seconds": f"{self.progress.seconds:.0f}",
            "size": size,
            "learning_rate": f"{self.optimizer.param_groups[0]['lr']:.2e}",
            **{name: f"{float(losses[name]):.4f}" for name in losses},
        }


class _Log:
    """A CSV that grows; rows after the checkpoint that a training resumes from are dropped."""

    FIELDS = (
        "step", "samples", "seconds", "size", "learning_rate",
        "total", "heatmap", "offset", "jgs", "depth", "pcks",
    )  # fmt: skip

    def __init__(self, path: Path, step: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        kept: list[dict[str, Any]] = []
        if path.exists():
            with path.open(newline="") as file:
                kept = [row for row in csv.DictReader(file) if int(row["step"]) <= step]
        with closing(path.open("w", newline="")) as file:
            writer = csv.DictWriter(file, self.FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)

    def write(self, row: dict[str, Any]) -> None:
        with self.path.open("a", newline="") as file:
            csv.DictWriter(file, self.FIELDS, lineterminator="\n").writerow(row)


def _optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    parameters = [each for each in network.parameters() if each.requires_grad]
    if recipe.optimizer == "adam":
        return torch.optim.Adam(
            parameters, lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate)
