"""Trained weights as files: ``NAME.safetensors`` in half precision, ``NAME.json`` beside it.

The JSON says what the network looks like, how it was trained and how good it was found to be. The
package ships its weights in ``gaitpose/pose/pretrained``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.io.files import atomic_path, existing_file, sha256_of
from gaitpose.pose.config import InputRanges, NetworkConfig

if TYPE_CHECKING:
    from gaitpose.pose.network import PoseNetwork

FORMAT = 1


@dataclass(frozen=True)
class WeightsCard:
    """What is known about trained weights.

    Parameters
    ----------
    name : str
        "lite", "full" or whatever they were exported as.
    network : NetworkConfig
        The network they belong to.
    input_size : int
        Side in pixels of the square they were trained for last.
    training : dict
        Recipe, number of views, hours, data sets.
    results : dict
        What was measured, by which script.
    calibration : tuple of (float, float)
        Decoded confidence and the share of joints that are right there, both ascending; empty if
        confidence is to stay as decoded.
    input_ranges : mapping
        Of the convolutions (:func:`gaitpose.pose.quantization.input_ranges`); with them the
        network runs in 8-bit integers.
    """

    name: str
    network: NetworkConfig
    input_size: int
    training: dict[str, Any] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    calibration: tuple[tuple[float, float], ...] = ()
    input_ranges: InputRanges = field(default_factory=dict)


def shipped() -> list[str]:
    """Return the names of the weights that the package carries."""
    return sorted(path.stem for path in _folder().glob("*.safetensors"))


def weights_path(name: str | Path) -> Path:
    """Return the file of shipped weights by their name, or the file itself if it is a path.

    Raises
    ------
    BadSettings
        If the package ships no weights of this name.
    UnreadableInput
        If there is no such file.
    """
    if Path(name).suffix == ".safetensors":
        return existing_file(name)
    if str(name) not in shipped():
        raise BadSettings(
            f"no weights of this name are shipped; there are: {', '.join(shipped()) or 'none'}",
            where=str(name),
            hint="Or give the path of a .safetensors file",
        )
    return _folder() / f"{name}.safetensors"


def save_weights(network: PoseNetwork, card: WeightsCard, folder: Path) -> Path:
    """Write the weights in half precision and their card; return the path of the weights."""
    from safetensors.torch import save_file  # noqa: PLC0415  -- brings PyTorch

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{card.name}.safetensors"
    halves = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    with atomic_path(path) as temporary:
        save_file(halves, temporary)
        temporary.chmod(0o644)  # the writer leaves it readable by its owner only
    write_card(card, path)
    return path


def write_card(card: WeightsCard, path: Path) -> None:
    """Write the card of the weights at `path`, with their SHA-256."""
    content = {"format": FORMAT, "sha256": sha256_of(path), **asdict(card)}
    with atomic_path(path.with_suffix(".json")) as temporary:
        Path(temporary).write_text(json.dumps(content, indent=2) + "\n")


def read_card(path: Path) -> WeightsCard:
    """Read the card of the weights at `path`.

    Raises
    ------
    UnreadableInput
        If it is missing, damaged or of a later format.
    """
    card = path.with_suffix(".json")
    try:
        content = json.loads(existing_file(card).read_text())
        if content.pop("format") != FORMAT:
            raise UnreadableInput("a weights card of another format", where=str(card))
        content.pop("sha256")
        content["network"] = NetworkConfig(**content["network"])
        content["calibration"] = tuple((low, high) for low, high in content["calibration"])
        ranges = content.get("input_ranges", {})
        content["input_ranges"] = {name: (low, high) for name, (low, high) in ranges.items()}
        return WeightsCard(**content)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableInput(f"not a weights card ({error})", where=str(card)) from error


def load_weights(path: Path) -> tuple[PoseNetwork, WeightsCard]:
    """Read weights and their card; the network is in evaluation mode and single precision.

    Raises
    ------
    UnreadableInput
        If the files are damaged or do not belong together.
    """
    from safetensors import SafetensorError  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415  -- brings PyTorch

    from gaitpose.pose.network import PoseNetwork  # noqa: PLC0415

    card = read_card(path)
    network = PoseNetwork(card.network)
    try:
        network.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError) as error:
        raise UnreadableInput(
            "damaged, or not of the network its card says", where=str(path)
        ) from (error)
    return network.eval().float(), card


def _folder() -> Path:
    return Path(str(resources.files("gaitpose.pose"))) / "pretrained"
