"""BlazePose, the network inside MediaPipe: its model file is read and run here, without MediaPipe.

Bazarevsky et al. 2020, "BlazePose: On-device Real-time Body Pose tracking", arXiv:2006.10204.
MediaPipe itself (its graph, its person detector, its smoothing) is not imported: only the file
that its wheel carries is used, so that numpy 2 and any Python can stay. Differs from MediaPipe:
the window is cut by our own tracker, is never rotated, and is shrunk by area averaging.
"""

from __future__ import annotations

import hashlib
import importlib.util
import tempfile
import zipfile
from pathlib import Path
from typing import Literal

import numpy as np
import openvino as ov
from openvino.preprocess import PrePostProcessor

from gaitpose.errors import MissingExtra, UnreadableInput
from gaitpose.pose.crop import cut
from gaitpose.pose.estimator import Box
from gaitpose.pose.openvino_core import best_float, openvino_core
from gaitpose.skeleton import KEYPOINTS

PIP_LINE = "pip install --no-deps mediapipe==0.10.21"
MODEL_IN_WHEEL = Path("modules/pose_landmark/pose_landmark_full.tflite")
MODEL_IN_TASK = "pose_landmarks_detector.tflite"

INPUT_SIZE = 256
MARGIN = 1.25
"""Side of the square window over the person's height, as BlazePose was trained."""

LANDMARKS: tuple[int, ...] = (11, 12, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)
"""Which of the 39 landmarks are our :data:`gaitpose.skeleton.KEYPOINTS`, in that order."""

LANDMARK_COUNT = 39
VALUES_PER_LANDMARK = 5
"""x, y, z in pixels of the window, then visibility and presence as logits."""

HEATMAP_SIZE = 64
REFINE_KERNEL = 7
REFINE_CONFIDENCE = 0.5


def model_in_mediapipe() -> Path | None:
    """Find the model file of an installed MediaPipe without importing it.

    Returns
    -------
    pathlib.Path or None
        None if MediaPipe is not installed or carries no such file.
    """
    spec = importlib.util.find_spec("mediapipe")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / MODEL_IN_WHEEL
        if path.is_file():
            return path
    return None


class BlazePose:
    """MediaPipe's landmark network as an :class:`gaitpose.pose.estimator.Estimator`.

    Parameters
    ----------
    model : pathlib.Path, optional
        A MediaPipe ``.task`` bundle or a ``.tflite`` file; the one in the installed MediaPipe
        if not given.

    Raises
    ------
    MissingExtra
        If MediaPipe is not installed and no file is given.
    UnreadableInput
        If the file is not a BlazePose landmark model.
    """

    name = "mediapipe"
    keypoints = KEYPOINTS

    def __init__(self, model: Path | None = None) -> None:
        path = model or model_in_mediapipe()
        if path is None:
            raise MissingExtra("The MediaPipe estimator", "mediapipe", pip_line=PIP_LINE)
        content = read_model_file(path)
        self._weights = path.name
        self._sha256 = hashlib.sha256(content).hexdigest()
        self._network = Network(content, path)

    def predict(self, rgb: np.ndarray, box: Box) -> np.ndarray:
        """See :meth:`gaitpose.pose.estimator.Estimator.predict`.

        Notes
        -----
        Confidence is the geometric mean of three probabilities: that there is a person at all, and
        the landmark's presence and visibility. Their product would be too harsh: BlazePose calls
        the far leg "not visible" while the near one covers it, and doubts a person of whom only
        the legs are in the picture, yet places both well.
        """
        crop = cut(rgb, box, INPUT_SIZE, INPUT_SIZE, MARGIN)
        values, person, heatmaps = self._network.run(crop.patch)
        landmarks = values[list(LANDMARKS)].astype(float)
        points = refine_by_heatmap(landmarks[:, :2], heatmaps[..., list(LANDMARKS)])
        seen = _sigmoid(landmarks[:, 3]) * _sigmoid(landmarks[:, 4])
        confidence = np.cbrt(np.clip(person, 0, 1) * seen)
        return np.column_stack([crop.to_image(points - 0.5), confidence])

    def describe(self) -> dict[str, str]:
        """See :meth:`gaitpose.pose.estimator.Estimator.describe`."""
        return {
            "weights": self._weights,
            "sha256": self._sha256,
            "runtime": f"OpenVINO {ov.get_version().split('-')[0]} CPU {self._network.precision}",
            "why": "MediaPipe BlazePose",
        }


def read_model_file(path: Path) -> bytes:
    """Read a landmark model, from a ``.task`` bundle (a zip) or a plain ``.tflite`` file.

    Parameters
    ----------
    path : pathlib.Path
        File to read.

    Returns
    -------
    bytes
        Content of the ``.tflite`` model.

    Raises
    ------
    UnreadableInput
        If the file is absent or the bundle holds no pose landmark model.
    """
    try:
        if not zipfile.is_zipfile(path):
            return path.read_bytes()
        with zipfile.ZipFile(path) as bundle:
            return bundle.read(MODEL_IN_TASK)
    except OSError as error:
        raise UnreadableInput(
            f"the model cannot be read ({error.strerror})", where=str(path)
        ) from error
    except KeyError as error:
        raise UnreadableInput(f"the bundle holds no {MODEL_IN_TASK}", where=str(path)) from error


class Network:
    """The compiled network: windows in, landmarks and heatmaps out.

    Parameters
    ----------
    content : bytes
        A ``.tflite`` model.
    path : pathlib.Path
        Where it came from, for the error message.
    precision : {"bf16", "f32"}, optional
        Of all but the last layer; by default bf16 where the processor computes in it.

    Raises
    ------
    UnreadableInput
        If it is not a BlazePose landmark model.

    Notes
    -----
    The last layer, which regresses landmarks of up to 256 px, always runs in f32: in bf16 it is
    rounded to about two pixels of the window. With it in f32, joints move by a quarter of such a
    pixel against f32 throughout (median; measured once by hand). Outputs that are not
    needed (segmentation, world landmarks) are cut off.
    """

    def __init__(
        self, content: bytes, path: Path, precision: Literal["bf16", "f32"] | None = None
    ) -> None:
        if precision is None:
            precision = best_float()
        self.precision = precision
        model = _read(content, path)
        landmarks, person, heatmaps = _needed_outputs(model, path)
        last = [_last_layer(output) for output in (landmarks, person)]
        features = last[0].input_value(0)
        body = ov.Model([features, heatmaps], model.get_parameters())
        self._body = _compile(_from_bytes(body), precision)
        parameter = ov.op.Parameter(ov.Type.f32, features.get_partial_shape())
        for layer in last:
            layer.input(0).replace_source_output(parameter.output(0))
        self._head = _compile(ov.Model([landmarks, person], [parameter]), "f32")

    def run(self, patch: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
        """Look at a window.

        Parameters
        ----------
        patch : uint8 array, (256, 256, 3)
            RGB.

        Returns
        -------
        landmarks : float array, (39, 5)
            x, y, z in pixels of the window; visibility and presence as logits.
        person : float
            Probability that there is a person, 0..1.
        heatmaps : float array, (64, 64, 39)
            Logits; valid until the next call.
        """
        self._body.infer([patch[np.newaxis]])
        self._head.infer([self._body.get_output_tensor(0).data])
        values, person = (self._head.get_output_tensor(i).data for i in (0, 1))
        landmarks = values.reshape(LANDMARK_COUNT, VALUES_PER_LANDMARK)
        return landmarks, float(person.reshape(())), self._body.get_output_tensor(1).data[0]


def _read(content: bytes, path: Path) -> ov.Model:
    with tempfile.TemporaryDirectory() as folder:  # OpenVINO reads this format from files only
        file = Path(folder) / "model.tflite"
        file.write_bytes(content)
        try:
            return openvino_core().read_model(file)
        except RuntimeError as error:
            raise UnreadableInput("not a TensorFlow Lite model", where=str(path)) from error


def _needed_outputs(model: ov.Model, path: Path) -> list[ov.Output]:
    """Landmarks, presence of a person and heatmaps, known by their shapes."""
    outputs = {tuple(output.shape): output.node.input_value(0) for output in model.outputs}
    needed = (
        (1, LANDMARK_COUNT * VALUES_PER_LANDMARK),
        (1, 1),
        (1, HEATMAP_SIZE, HEATMAP_SIZE, LANDMARK_COUNT),
    )
    if any(shape not in outputs for shape in needed):
        raise UnreadableInput(
            "not a BlazePose landmark model",
            where=str(path),
            hint="Give the pose_landmarker .task bundle of MediaPipe",
        )
    return [outputs[shape] for shape in needed]


def _last_layer(output: ov.Output) -> ov.Node:
    """Return the convolution that an output comes from."""
    node = output.get_node()
    while node.get_type_name() != "Convolution":
        node = node.input_value(0).get_node()
    return node


def _from_bytes(model: ov.Model) -> ov.Model:
    """Let a model take uint8 pixels, 0..255."""
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    steps.input().preprocess().convert_element_type(ov.Type.f32).scale(255.0)
    return steps.build()


def _compile(model: ov.Model, precision: str) -> ov.InferRequest:
    settings = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    return openvino_core().compile_model(model, "CPU", settings).create_infer_request()


def refine_by_heatmap(points: np.ndarray, heatmaps: np.ndarray) -> np.ndarray:
    """Move each landmark to the centre of mass of the heatmap around it, where that is confident.

    Parameters
    ----------
    points : float array, (points, 2)
        x, y in pixels of the window, continuous (the first pixel spans 0..1).
    heatmaps : float array, (size, size, points)
        Logits.

    Returns
    -------
    float array, (points, 2)
        Refined points; unchanged where the heatmap near the point peaks below 0.5, or the point
        lies outside.

    Notes
    -----
    The step is MediaPipe's (kernel of 7 cells, confidence 0.5).
    """
    size, radius = heatmaps.shape[0], REFINE_KERNEL // 2
    cell = INPUT_SIZE / size
    refined = points.copy()
    for index, (column, row) in enumerate((points // cell).astype(int)):
        if not (0 <= column < size and 0 <= row < size):
            continue
        rows = slice(max(0, row - radius), row + radius + 1)
        columns = slice(max(0, column - radius), column + radius + 1)
        weight = _sigmoid(heatmaps[rows, columns, index])
        if weight.max() < REFINE_CONFIDENCE:
            continue
        total = weight.sum()
        refined[index, 0] = cell * (weight.sum(axis=0) @ np.arange(size)[columns]) / total
        refined[index, 1] = cell * (weight.sum(axis=1) @ np.arange(size)[rows]) / total
    return refined


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
