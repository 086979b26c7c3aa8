"""What is trained, and one step of it: network, moving average, optimiser, progress."""

from __future__ import annotations

import copy
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from gaitpose.errors import BadSettings
from gaitpose.pose.network import PoseNetwork, as_channels_last
from gaitpose.pose.weights import load_weights
from gaitpose.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from gaitpose.training.mixture import Batch
from gaitpose.training.objective import Objective, as_bits
from gaitpose.training.recipes import Recipe
from gaitpose.training.widening import widen


class Trainer:
    """State of one training.

    Parameters
    ----------
    recipe : Recipe
        What is done.
    fabric : lightning_fabric.Fabric
        Devices and precision.
    out : Path
        Folder of the checkpoint.
    hours : float or None
        Time budget.
    compiled : bool
        Whether PyTorch compiles network and losses first: a minute or two for each input size, then
        faster steps. The weights are the same but for rounding.
    elder : str or None
        Recipe of the network whose heatmaps teach this one; goes into the checkpoint.

    Raises
    ------
    BadSettings
        If it shall be compiled for a processor and there is no C++ compiler.
    """

    def __init__(
        self,
        recipe: Recipe,
        fabric: Fabric,
        out: Path,
        hours: float | None,
        *,
        compiled: bool = False,
        elder: str | None = None,
    ) -> None:
        self.recipe, self.fabric, self.out, self.elder = recipe, fabric, out, elder
        self.budget_seconds = hours * 3600 if hours is not None else float("inf")
        self.checkpoint = out / "checkpoint.pt"
        self.progress = Progress()
        network = as_channels_last(PoseNetwork(recipe.network))
        self.average = copy.deepcopy(network).to(fabric.device).requires_grad_(False).eval()
        stays = recipe.frozen_stages
        for module in [network.stem, *network.stages][: stays + 1] if stays else []:
            module.requires_grad_(False).eval()
        self.plain = network
        objective = Objective(network, recipe)
        if compiled:
            _require_compiler(fabric.device)
            objective.compile(dynamic=False)
        self.objective, self.optimizer = fabric.setup(objective, _optimizer(network, recipe))
        self._followed = _floats(self.average), _floats(network)

    @property
    def share(self) -> float:
        """How much of the training is done, 0..1."""
        return max(
            self.progress.samples / self.recipe.samples,
            self.progress.seconds / self.budget_seconds,
        )

    @property
    def size(self) -> int:
        """Input size at this point of the training, px."""
        return self.recipe.size_at(self.share)

    @property
    def learning_rate(self) -> float:
        """Learning rate of the last step."""
        return float(self.optimizer.param_groups[0]["lr"])

    def resume(self, starts_from: Path | None) -> None:
        """Restore the checkpoint in `out` or, in a new fine-tuning, the weights to begin with."""
        if self.checkpoint.exists():
            state = load_checkpoint(self.checkpoint)
            if (state["recipe"], state["config"]) != (self.recipe.name, self._config):
                raise BadSettings(
                    f"holds another training, of {state['recipe']}",
                    where=str(self.out),
                    hint="Choose another folder",
                )
            self.plain.load_state_dict(state["network"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.progress = Progress(**state["progress"])
        elif starts_from is not None:
            self._start_from(starts_from)
        elif self.recipe.starts_from is not None:
            raise BadSettings(
                f"starts from the weights of {self.recipe.starts_from}",
                where=self.recipe.name,
                hint="Give its checkpoint.pt, or weights",
            )

    def _start_from(self, path: Path) -> None:
        """Take over averaged weights of a checkpoint, or shipped ones; new heads stay new."""
        if path.suffix == ".safetensors":
            weights = load_weights(path)[0].state_dict()
        else:
            weights = load_checkpoint(path)["average"]
        mine = self.plain.state_dict()
        weights = widen(weights, mine, where=str(path), seed=self.recipe.seed)
        for network in (self.plain, self.average):
            network.load_state_dict({**mine, **weights})

    def save(self) -> None:
        """Write the checkpoint (first process only)."""
        if self.fabric.is_global_zero:
            save_checkpoint(
                self.checkpoint,
                {
                    "recipe": self.recipe.name,
                    "config": self._config,
                    "network": self.plain.state_dict(),
                    "average": self.average.state_dict(),
                    "optimizer": self.optimizer.state_dict(),
                    "progress": asdict(self.progress),
                    "elder": self.elder,
                },
            )

    @property
    def _config(self) -> dict[str, Any]:
        return asdict(self.recipe.network)

    def step(
        self, batch: Batch, elder: torch.Tensor | None = None
    ) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        """Take one batch, with what another network found in it; return losses and heatmap."""
        recipe = self.recipe
        for group in self.optimizer.param_groups:
            group["lr"] = recipe.learning_rate * recipe.schedule.factor(self.share)
        images, joints, state, depth = batch.parts_on(self.fabric.device)
        losses, heatmap = self.objective(images, as_bits(joints), state, as_bits(depth), elder)
        self.optimizer.zero_grad(set_to_none=True)
        self.fabric.backward(losses["total"])
        nn.utils.clip_grad_norm_(self.plain.parameters(), recipe.clip_norm)
        self.optimizer.step()
        self.progress.step += 1
        self.progress.samples += len(batch.images) * self.fabric.world_size
        self._follow()
        return {name: value.detach() for name, value in losses.items()}, heatmap.detach()

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average toward the network; faster at the start, when it knows nothing."""
        step = self.progress.step
        decay = min(self.recipe.ema_decay, (1 + step) / (10 + step))
        # All at once: one operation on a GPU instead of hundreds of small ones.
        get_ema_multi_avg_fn(decay)(*self._followed, None)


def _floats(network: nn.Module) -> list[torch.Tensor]:
    """Weights and statistics of a network, without the counters of batches."""
    return [value for value in network.state_dict().values() if value.is_floating_point()]


def _require_compiler(device: torch.device) -> None:
    compilers = ("c++", "g++", "clang++", "cl")
    if device.type == "cpu" and not any(shutil.which(name) for name in compilers):
        raise BadSettings(
            "no C++ compiler is installed",
            where="compile",
            hint="Install g++ or clang++, or train without",
        )


def _optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    parameters = [each for each in network.parameters() if each.requires_grad]
    if recipe.optimizer == "adam":
        return torch.optim.Adam(
            parameters, lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
        )
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, fused=True)
