"""From a training's checkpoint to files that others can run: our weights, ONNX, OpenVINO."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gaitpose.errors import MissingExtra, UnreadableInput
from gaitpose.io.files import atomic_path
from gaitpose.pose.config import NetworkConfig
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.normalise import Normalise
from gaitpose.pose.quantization import input_ranges
from gaitpose.pose.torch_runtime import FromPixels, to_openvino
from gaitpose.pose.weights import WeightsCard, load_weights, save_weights, write_card
from gaitpose.training.checkpoint import load_checkpoint
from gaitpose.training.evaluation import Progress
from gaitpose.training.people import read_people
from gaitpose.training.recipes import recipe_named
from gaitpose.training.views import PLAIN, person_view

ONNX_OPSET = 17

SQUARES = 128
"""People of a folder that ranges are measured on."""

BATCH = 16


def export_weights(checkpoint: Path, name: str, folder: Path) -> Path:
    """Write the averaged weights of a training as NAME.safetensors and NAME.json.

    Parameters
    ----------
    checkpoint : Path
        ``checkpoint.pt`` of :func:`gaitpose.training.loop.train`.
    name : str
        What the weights shall be called.
    folder : Path
        Where to.

    Returns
    -------
    Path
        The ``.safetensors`` file.

    Raises
    ------
    UnreadableInput
        If the file is not a checkpoint.
    """
    state = load_checkpoint(checkpoint)
    try:
        network = PoseNetwork(NetworkConfig(**state["config"]))
        network.load_state_dict(state["average"])
        recipe = recipe_named(state["recipe"])
        progress = state["progress"]
    except KeyError as error:
        raise UnreadableInput(f"{error} is missing", where=str(checkpoint)) from error
    training: dict[str, Any] = {
        "recipe": recipe.name,
        "views": progress["samples"],
        "steps": progress["step"],
        "hours": round(progress["seconds"] / 3600, 2),
        "people": recipe.mixture.people,
        "boxed_people": recipe.mixture.boxed,
        "mended_by_teacher": list(recipe.mixture.mended),
        "drawn_figures": recipe.mixture.figures,
        "empty_scenes": recipe.mixture.empty,
    }
    if state.get("elder") is not None:
        training["taught_by"] = state["elder"]
    card = WeightsCard(name, network.config, recipe.phases[-1].size, training)
    return save_weights(network, card, folder)


def measure_input_ranges(
    weights: Path, folders: Sequence[Path], progress: Progress | None = None
) -> WeightsCard:
    """Let the network of some weights run in 8-bit integers: measure how large its inputs get.

    Parameters
    ----------
    weights : Path
        A ``.safetensors`` file; the ranges are written to the card beside it.
    folders : sequence of Path
        Labelled people (COCO keypoints); those kept back for validation are not looked at.
    progress : callable, optional
        Called with (squares seen, squares in all).

    Returns
    -------
    WeightsCard
        As written.

    Raises
    ------
    UnreadableInput
        If weights or folders cannot be read.
    """
    network, card = load_weights(weights)
    if progress is not None:
        progress(0, None)  # reading takes seconds
    squares = np.concatenate([_squares(folder, card.input_size) for folder in folders])

    normalise = Normalise()

    def batches() -> Iterator[torch.Tensor]:
        for start in range(0, len(squares), BATCH):
            yield normalise(torch.from_numpy(squares[start : start + BATCH]))
            if progress is not None:
                progress(min(start + BATCH, len(squares)), len(squares))

    card = replace(card, input_ranges=input_ranges(network.for_inference(), batches()))
    write_card(card, weights)
    return card


def _squares(folder: Path, size: int) -> np.ndarray:
    """Cut up to `SQUARES` people out, evenly spread over the folder, (N, size, size, 3)."""
    people = read_people(folder, "train")
    if not people:
        raise UnreadableInput("nobody to look at", where=str(folder))
    chosen = np.linspace(0, len(people) - 1, min(SQUARES, len(people))).round().astype(int)
    rng = np.random.default_rng(0)
    return np.stack([person_view(people[each], size, PLAIN, rng).image for each in chosen])


def export_onnx(weights: Path, path: Path, *, size: int | None = None) -> Path:
    """Write an ONNX file: uint8 squares (1, S, S, 3) RGB in, maps (1, 24, S/4, S/4) out.

    Parameters
    ----------
    weights : Path
        A ``.safetensors`` file with its card beside it.
    path : Path
        Of the ONNX file.
    size : int, optional
        Side of the squares, px; by default the one the weights were trained for.

    Raises
    ------
    MissingExtra
        If the ``onnx`` package is not installed.
    """
    if find_spec("onnx") is None:
        raise MissingExtra("export to ONNX", "train")
    network, card = load_weights(weights)
    side = size or card.input_size
    example = torch.zeros((1, side, side, 3), dtype=torch.uint8)
    with atomic_path(path) as temporary:
        torch.onnx.export(
            FromPixels(network).eval(),
            (example,),
            str(temporary),
            input_names=["pixels"],
            output_names=["maps"],
            opset_version=ONNX_OPSET,
            dynamo=False,  # the new exporter needs another package and gives the same graph
        )
    return path


def export_openvino(weights: Path, path: Path, *, size: int | None = None) -> Path:
    """Write an OpenVINO model, ``path`` (.xml) and its numbers beside it (.bin), as for ONNX."""
    import openvino  # noqa: PLC0415  -- only here

    network, card = load_weights(weights)
    openvino.save_model(to_openvino(network, size or card.input_size), path, compress_to_fp16=False)
    return path
