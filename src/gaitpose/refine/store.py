"""Trained refiners on disk: numbers as safetensors, everything else as JSON beside them.

``MODEL.safetensors`` and ``MODEL.json``; nothing in them is executed when they are read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from torch import from_numpy

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import atomic_path, existing_file, write_text
from gaitpose.refine.bilstm import BiLSTMRefiner, SequenceNetwork, shrunk
from gaitpose.refine.features import FeatureSettings
from gaitpose.refine.fusion import FusionRefiner, FusionSettings
from gaitpose.refine.linear import LinearModel, LinearRefiner
from gaitpose.refine.pairs import Dataset
from gaitpose.refine.sequences import Standard

FORMAT = "gaitpose-refiner"
VERSION = 1
SHIPPED = "models"


@dataclass(frozen=True, eq=False)
class TrainedRefiner:
    """A fitted refiner and what must be known to use it.

    Attributes
    ----------
    refiner : FusionRefiner
    kind : str
        What its inputs are.
    angles : tuple of str
        What it predicts, for each leg.
    feature_names : tuple of str
    features : FeatureSettings or None
        How joints become features; None if it takes angles.
    subjects : tuple of str
        Who it has learnt from.
    """

    refiner: FusionRefiner
    kind: str
    angles: tuple[str, ...]
    feature_names: tuple[str, ...]
    features: FeatureSettings | None
    subjects: tuple[str, ...]


def trained(refiner: FusionRefiner, dataset: Dataset) -> TrainedRefiner:
    """Put a fitted refiner together with what its dataset tells."""
    return TrainedRefiner(
        refiner=refiner,
        kind=dataset.kind,
        angles=dataset.angles,
        feature_names=dataset.feature_names,
        features=dataset.features,
        subjects=tuple(dataset.subjects),
    )


def save_refiner(model: TrainedRefiner, path: str | Path) -> tuple[Path, Path]:
    """Write ``path.safetensors`` and ``path.json``; returns both."""
    numbers, text = _both(Path(path))
    numbers.parent.mkdir(parents=True, exist_ok=True)
    refiner = model.refiner
    tensors = {"shares": refiner.shares}
    tensors |= _linear_tensors("linear", refiner.linear)
    tensors |= _linear_tensors("beneath", refiner.bilstm.linear)
    for name, standard in _standards(refiner.bilstm):
        tensors |= {f"{name}.mean": standard.mean, f"{name}.spread": standard.spread}
    for number, network in enumerate(refiner.bilstm.networks):
        for name, tensor in network.state_dict().items():
            tensors[f"network.{number}.{name}"] = tensor.numpy()
    content = {
        "format": FORMAT,
        "version": VERSION,
        "kind": model.kind,
        "rate": refiner.rate,
        "angles": model.angles,
        "feature_names": model.feature_names,
        "features": None if model.features is None else model.features.model_dump(),
        "subjects": model.subjects,
        "settings": refiner.settings.model_dump(),
        "penalties": {
            "linear": [part.penalty for part in refiner.linear.models],
            "beneath": [part.penalty for part in refiner.bilstm.linear.models],
        },
    }
    whole = {name: np.ascontiguousarray(value) for name, value in tensors.items()}
    with atomic_path(numbers) as temporary:
        temporary.write_bytes(save(whole))
    write_text(text, json.dumps(content, indent=1) + "\n")
    return numbers, text


def load_refiner(model: str | Path) -> TrainedRefiner:
    """Read a refiner: one of ours by name (see :func:`shipped`), or one of yours by path.

    Raises
    ------
    UnreadableInput
        If there is none, or it is damaged or of a newer version.
    """
    if str(model) in shipped():
        folder = resources.files("gaitpose.refine") / SHIPPED
        with resources.as_file(folder) as path:
            return _read(path / str(model))
    return _read(Path(model))


def shipped() -> list[str]:
    """Names of the refiners that come with gaitpose."""
    folder = resources.files("gaitpose.refine") / SHIPPED
    if not folder.is_dir():
        return []
    return sorted(
        item.name.removesuffix(".safetensors")
        for item in folder.iterdir()
        if item.name.endswith(".safetensors")
    )


def _read(path: Path) -> TrainedRefiner:
    numbers, text = (existing_file(one) for one in _both(path))
    try:
        content: dict[str, Any] = json.loads(text.read_text(encoding="utf-8"))
        tensors = load_file(numbers)
    except (json.JSONDecodeError, SafetensorError, UnicodeDecodeError) as error:
        raise UnreadableInput("is damaged", where=str(path)) from error
    if content.get("format") != FORMAT or content.get("version") != VERSION:
        raise UnreadableInput(
            f"is {content.get('format')} {content.get('version')}, not {FORMAT} {VERSION}",
            where=str(text),
        )
    try:
        return _assemble(content, tensors)
    except (KeyError, RuntimeError, ValueError) as error:
        raise UnreadableInput(f"is damaged ({error})", where=str(path)) from error


def _assemble(content: dict[str, Any], tensors: dict[str, np.ndarray]) -> TrainedRefiner:
    settings = FusionSettings.model_validate(content["settings"])
    rate = float(content["rate"])
    refiner = FusionRefiner(rate, settings)
    refiner.shares = tensors["shares"]
    refiner.linear = LinearRefiner(rate, settings.linear)
    _fill_linear(refiner.linear, "linear", tensors, content["penalties"]["linear"])
    bilstm = BiLSTMRefiner(rate, settings.bilstm)
    bilstm.linear = LinearRefiner(rate, shrunk(settings.bilstm.shrinkage))
    _fill_linear(bilstm.linear, "beneath", tensors, content["penalties"]["beneath"])
    bilstm.standard = Standard(tensors["standard.mean"], tensors["standard.spread"])
    bilstm.left_over = Standard(tensors["left_over.mean"], tensors["left_over.spread"])
    bilstm.networks = []
    for number in range(settings.bilstm.members):
        prefix = f"network.{number}."
        state = {
            name.removeprefix(prefix): from_numpy(values)
            for name, values in tensors.items()
            if name.startswith(prefix)
        }
        network = SequenceNetwork(
            len(bilstm.standard.mean), len(content["angles"]), settings.bilstm
        )
        network.load_state_dict(state)
        bilstm.networks.append(network.eval())
    refiner.bilstm = bilstm
    features = content["features"]
    return TrainedRefiner(
        refiner=refiner,
        kind=content["kind"],
        angles=tuple(content["angles"]),
        feature_names=tuple(content["feature_names"]),
        features=None if features is None else FeatureSettings.model_validate(features),
        subjects=tuple(content["subjects"]),
    )


def _linear_tensors(name: str, linear: LinearRefiner) -> dict[str, np.ndarray]:
    tensors = {f"{name}.mean": linear.standard.mean, f"{name}.spread": linear.standard.spread}
    for number, part in enumerate(linear.models):
        tensors[f"{name}.{number}.offsets"] = part.offsets
        tensors[f"{name}.{number}.weights"] = part.weights
        tensors[f"{name}.{number}.intercept"] = np.array([part.intercept])
    return tensors


def _fill_linear(
    linear: LinearRefiner, name: str, tensors: dict[str, np.ndarray], penalties: list[float]
) -> None:
    linear.standard = Standard(tensors[f"{name}.mean"], tensors[f"{name}.spread"])
    linear.models = [
        LinearModel(
            tensors[f"{name}.{number}.offsets"],
            tensors[f"{name}.{number}.weights"],
            float(tensors[f"{name}.{number}.intercept"][0]),
            penalty,
        )
        for number, penalty in enumerate(penalties)
    ]


def _standards(bilstm: BiLSTMRefiner) -> list[tuple[str, Standard]]:
    return [("standard", bilstm.standard), ("left_over", bilstm.left_over)]


def _both(path: Path) -> tuple[Path, Path]:
    stem = path.with_suffix("") if path.suffix in (".safetensors", ".json") else path
    return stem.with_name(stem.name + ".safetensors"), stem.with_name(stem.name + ".json")
