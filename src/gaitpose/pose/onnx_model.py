"""Any top-down pose model in an ONNX file: heatmaps or SimCC, COCO-17 or Halpe-26 keypoints.

Heatmaps: SimpleBaseline (Xiao et al. 2018, arXiv:1804.06208), HRNet (Sun et al. 2019,
arXiv:1902.09212). SimCC, one classification over x and one over y for each keypoint: Li et al.
2022, arXiv:2107.03332, as in RTMPose (Jiang et al. 2023, arXiv:2303.07399). OpenVINO reads ONNX
itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import openvino as ov
from openvino.preprocess import PrePostProcessor

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import sha256_of
from gaitpose.pose.crop import cut
from gaitpose.pose.estimator import Box
from gaitpose.pose.openvino_core import openvino_core
from gaitpose.skeleton import JOINTS, KEYPOINTS

MARGIN = 1.25
"""Window over the person's box, as these models are trained."""

IMAGENET_MEAN = (123.675, 116.28, 103.53)
IMAGENET_STD = (58.395, 57.12, 57.375)
"""Of RGB, 0..255: how these models are trained."""

INDICES: dict[int, tuple[int, ...]] = {
    17: (5, 6, 11, 12, 13, 14, 15, 16),
    26: (5, 6, 11, 12, 13, 14, 15, 16, 24, 25, 20, 21),
}
"""Our keypoints, in our order, among 17 (COCO) or 26 (Halpe, with heels and big toes)."""


@dataclass(frozen=True)
class Head:
    """What the model puts out.

    Parameters
    ----------
    kind : {"heatmap", "simcc"}
        Maps (1, K, h, w), or two classifications (1, K, x bins) and (1, K, y bins).
    count : int
        Number of keypoints K.
    width, height : int
        Of the input, px.
    outputs : tuple of int
        Which outputs: one (maps), or x and y.
    """

    kind: Literal["heatmap", "simcc"]
    count: int
    width: int
    height: int
    outputs: tuple[int, ...]


class OnnxModel:
    """A top-down ONNX model as an :class:`gaitpose.pose.estimator.Estimator`.

    Parameters
    ----------
    path : pathlib.Path
        The ``.onnx`` file.

    Raises
    ------
    UnreadableInput
        If it is not such a model.
    """

    name = "onnx"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sha256 = sha256_of(path)
        try:
            model = openvino_core().read_model(path)
        except RuntimeError as error:
            raise UnreadableInput("not an ONNX model", where=str(path)) from error
        self.head = _head(model, path)
        self.keypoints: tuple[str, ...] = (
            KEYPOINTS if len(INDICES[self.head.count]) == len(KEYPOINTS) else JOINTS
        )
        self._request = _compile(model, self.head)

    def predict(self, rgb: np.ndarray, box: Box) -> np.ndarray:
        """See :meth:`gaitpose.pose.estimator.Estimator.predict`."""
        crop = cut(rgb, box, self.head.width, self.head.height, MARGIN)
        self._request.infer([crop.patch[np.newaxis]])
        chosen = list(INDICES[self.head.count])
        outputs = [self._request.get_output_tensor(i).data[0] for i in self.head.outputs]
        if self.head.kind == "heatmap":
            maps = outputs[0][chosen].astype(np.float32)
            joints = decode_heatmaps(maps, self.head.width, self.head.height)
        else:
            across, down = (values[chosen].astype(np.float32) for values in outputs)
            joints = decode_simcc(across, down, self.head.width, self.head.height)
        joints[:, :2] = crop.to_image(joints[:, :2])
        return joints

    def describe(self) -> dict[str, str]:
        """See :meth:`gaitpose.pose.estimator.Estimator.describe`."""
        return {
            "weights": self._path.name,
            "sha256": self._sha256,
            "runtime": f"OpenVINO {ov.get_version().split('-')[0]} CPU",
            "why": f"the model file was given ({self.head.kind}, {self.head.count} keypoints)",
        }


def _head(model: ov.Model, path: Path) -> Head:
    """Recognise the head by the shapes of the outputs."""
    shapes = [output.get_partial_shape() for output in model.outputs]
    inputs = model.inputs
    if len(inputs) != 1 or inputs[0].get_partial_shape().rank.get_length() != 4:
        raise _not_top_down(path, "it does not take one picture")
    rows, columns = (inputs[0].get_partial_shape()[axis] for axis in (2, 3))
    if rows.is_dynamic or columns.is_dynamic:
        raise _not_top_down(path, "its input size is not fixed")
    size = (columns.get_length(), rows.get_length())
    ranks = [shape.rank.get_length() for shape in shapes]
    counts = [shape[1].get_length() if shape[1].is_static else 0 for shape in shapes]
    for index, (rank, count) in enumerate(zip(ranks, counts, strict=True)):
        if rank == 4 and count in INDICES:
            return Head("heatmap", count, *size, (index,))
    pair = [i for i, rank in enumerate(ranks) if rank == 3 and counts[i] in INDICES]
    if len(pair) == 2:
        bins = [shapes[i][2].get_length() for i in pair]
        across, down = sorted(pair, key=lambda i: abs(bins[pair.index(i)] - SIMCC_SPLIT * size[0]))
        return Head("simcc", counts[across], *size, (across, down))
    raise _not_top_down(path, f"its outputs are {', '.join(str(shape) for shape in shapes)}")


SIMCC_SPLIT = 2
"""Bins per pixel in all published SimCC models; used only to tell x from y."""


def _not_top_down(path: Path, why: str) -> UnreadableInput:
    return UnreadableInput(
        f"not a top-down pose model: {why}",
        where=str(path),
        hint="Heatmaps or SimCC with 17 (COCO) or 26 (Halpe) keypoints are understood",
    )


def _compile(model: ov.Model, head: Head) -> ov.InferRequest:
    model.reshape([1, 3, head.height, head.width])
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    steps.input().model().set_layout(ov.Layout("NCHW"))
    normalise = steps.input().preprocess().convert_element_type(ov.Type.f32)
    normalise.mean(list(IMAGENET_MEAN)).scale(list(IMAGENET_STD))
    settings = {"PERFORMANCE_HINT": "LATENCY"}
    return openvino_core().compile_model(steps.build(), "CPU", settings).create_infer_request()


def decode_heatmaps(maps: np.ndarray, width: int, height: int) -> np.ndarray:
    """Find the peaks of heatmaps, to a fraction of a cell.

    Parameters
    ----------
    maps : float array, (K, h, w)
        One map a keypoint, peak value about 0..1.
    width, height : int
        Of the input, px.

    Returns
    -------
    float array, (K, 3)
        x, y in pixels of the input (pixel centres at integers) and the peak as confidence.

    Notes
    -----
    A parabola through the logarithm of the smoothed peak and its neighbours, in x and in y: the
    maximum of a Gaussian, as DARK (Zhang et al. 2020, arXiv:1910.06278) without the mixed term.
    """
    rows, columns = maps.shape[1:]
    joints = np.empty((len(maps), 3))
    for joint, heat in zip(joints, maps, strict=True):
        smooth = cv2.GaussianBlur(heat, (5, 5), 0)
        row, column = np.unravel_index(int(smooth.argmax()), smooth.shape)
        log = np.log(np.maximum(smooth, LEAST))
        x = column + _vertex(log[row, max(column - 1, 0) : column + 2])
        y = row + _vertex(log[max(row - 1, 0) : row + 2, column])
        joint[:] = (
            (x + 0.5) * width / columns - 0.5,
            (y + 0.5) * height / rows - 0.5,
            np.clip(heat[row, column], 0, 1),
        )
    return joints


def decode_simcc(across: np.ndarray, down: np.ndarray, width: int, height: int) -> np.ndarray:
    """Find the peaks of SimCC classifications.

    Parameters
    ----------
    across, down : float array, (K, bins)
        One classification a keypoint over x, and one over y.
    width, height : int
        Of the input, px.

    Returns
    -------
    float array, (K, 3)
        x, y in pixels of the input and the smaller of the two peaks as confidence.
    """
    x_bins, y_bins = across.argmax(axis=1), down.argmax(axis=1)
    x = np.array(
        [b + _vertex(v[max(b - 1, 0) : b + 2]) for b, v in zip(x_bins, across, strict=True)]
    )
    y = np.array([b + _vertex(v[max(b - 1, 0) : b + 2]) for b, v in zip(y_bins, down, strict=True)])
    confidence = np.clip(np.minimum(across.max(axis=1), down.max(axis=1)), 0, 1)
    return np.column_stack([x * width / across.shape[1], y * height / down.shape[1], confidence])


def _vertex(three: np.ndarray) -> float:
    """Where the parabola through three neighbouring values peaks, from the middle one, in cells."""
    if len(three) < 3:
        return 0.0
    left, middle, right = (float(value) for value in three)
    bend = left - 2 * middle + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0


LEAST = 1e-6
