"""Which estimator is used, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple, get_args

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.pose.blazepose import PIP_LINE, BlazePose, model_in_mediapipe
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.onnx_model import OnnxModel
from gaitpose.pose.weights import read_card, shipped, weights_path

EstimatorName = Literal["auto", "gaitpose", "gaitpose-fast", "mediapipe"]

OURS = "full"
"""The shipped weights that GaitPoseNet analyses videos with unless others are given."""

BENCHMARK = "video_conditions"
"""Key of the weights card's results under which ``benchmarks/video_conditions.py`` is recorded."""


class Choice(NamedTuple):
    """An estimator, and in words why it was chosen.

    Parameters
    ----------
    name : {"gaitpose", "mediapipe", "onnx"}
        Which kind.
    reason : str
        One sentence.
    """

    name: Literal["gaitpose", "mediapipe", "onnx"]
    reason: str


def decide(name: EstimatorName = "auto", model: Path | None = None) -> Choice:
    """Decide which estimator to use, without loading it.

    Parameters
    ----------
    name : {"auto", "gaitpose", "gaitpose-fast", "mediapipe"}
        What the user asked for.
    model : pathlib.Path, optional
        A model file, which decides by its kind: ``.onnx``, ``.task`` or ``.tflite`` (MediaPipe),
        ``.safetensors`` (GaitPoseNet); or the name of weights that the package ships.

    Returns
    -------
    Choice

    Raises
    ------
    BadSettings
        If the name is unknown or the file is of no known kind.

    Notes
    -----
    Left to itself it takes the one that finds more foot strikes in real recordings, filmed well and
    badly, as noted in our weights' card; MediaPipe only where its model file is installed.
    """
    if name not in get_args(EstimatorName):
        raise BadSettings(
            f"estimator {name!r} is not known", hint=f"Use {', '.join(get_args(EstimatorName))}"
        )
    if model is not None:
        return _by_file(model)
    if name != "auto":
        return Choice("mediapipe" if name == "mediapipe" else "gaitpose", "it was asked for")
    if model_in_mediapipe() is None:
        return Choice("gaitpose", f"MediaPipe's model is not installed ({PIP_LINE} brings it)")
    if OURS not in shipped():
        return Choice("mediapipe", "no weights of GaitPoseNet are installed")
    return compare(read_card(weights_path(OURS)).results.get(BENCHMARK, {}))


def compare(found: dict[str, float]) -> Choice:
    """Choose by the share of foot strikes found in the recordings of :data:`BENCHMARK`.

    With equal shares MediaPipe's network, which is faster.

    Parameters
    ----------
    found : dict
        Share (0..1) by estimator, ``gaitpose`` and ``mediapipe``; may be empty.
    """
    ours, theirs = found.get("gaitpose"), found.get("mediapipe")
    if ours is None or theirs is None:
        return Choice("mediapipe", "our weights were not measured against it yet")
    numbers = (
        f"of the foot strikes in real recordings, filmed well and badly, GaitPoseNet finds "
        f"{ours:.0%}, MediaPipe {theirs:.0%}"
    )
    if ours == theirs:
        return Choice("mediapipe", f"{numbers}, and MediaPipe is faster")
    return Choice("gaitpose" if ours > theirs else "mediapipe", numbers)


def _by_file(model: Path) -> Choice:
    if str(model) in shipped():
        return Choice("gaitpose", f"the weights {model} were asked for")
    kinds: dict[str, Literal["gaitpose", "mediapipe", "onnx"]] = {
        ".onnx": "onnx",
        ".task": "mediapipe",
        ".tflite": "mediapipe",
        ".safetensors": "gaitpose",
    }
    kind = kinds.get(model.suffix.lower())
    if kind is None:
        raise BadSettings(
            "a model file of no known kind",
            where=str(model),
            hint=f"Give one of {', '.join(kinds)}, or a name: {', '.join(shipped())}",
        )
    if not model.is_file():
        raise UnreadableInput("no such file", where=str(model))
    return Choice(kind, f"the model file {model.name} was given")


def choose(name: EstimatorName = "auto", model: Path | None = None) -> Estimator:
    """Load the estimator that :func:`decide` decides for.

    Parameters
    ----------
    name : {"auto", "gaitpose", "gaitpose-fast", "mediapipe"}
        ``gaitpose-fast`` looks once a frame, not at the mirror image too.
    model : pathlib.Path, optional

    Returns
    -------
    Estimator

    Raises
    ------
    BadSettings, UnreadableInput
        As :func:`decide`; or if the model file is no such model.
    MissingExtra
        If MediaPipe is asked for and not installed.
    """
    choice = decide(name, model)
    if choice.name == "mediapipe":
        return BlazePose(model)
    if choice.name == "onnx" and model is not None:
        return OnnxModel(model)
    # What follows a subject through a video asks whether there is a joint at all, not whether it
    # is within a tenth of the person's width: it takes confidence as decoded.
    once = name == "gaitpose-fast"
    return GaitPoseNet.from_pretrained(model or Path(OURS), calibrated=False, mirrored=not once)
