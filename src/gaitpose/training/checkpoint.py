"""Saves and restores the whole state of a training, so that a kill at any moment costs little."""

from __future__ import annotations

import os
import pickle  # only for the name of its error; nothing is unpickled but tensors
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from gaitpose.errors import UnreadableInput


@dataclass
class Progress:
    """How far a training is.

    Attributes
    ----------
    step : int
        Batches taken.
    samples : int
        Views seen, all processes together.
    seconds : float
        Time spent in the loop, over all sittings.
    """

    step: int = 0
    samples: int = 0
    seconds: float = 0.0


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors, plain values, containers of these); no half file is ever left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    torch.save(state, temporary)
    os.replace(temporary, path)  # noqa: PTH105  -- atomic on every platform


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read what :func:`save_checkpoint` wrote; nothing but tensors and plain values is accepted.

    Raises
    ------
    UnreadableInput
        If the file is not a checkpoint.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise UnreadableInput("not a training checkpoint", where=str(path)) from error
    return state
