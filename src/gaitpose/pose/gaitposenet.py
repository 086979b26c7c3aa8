"""The estimator that users meet: shipped weights, a picture in, eight joints out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import sha256_of
from gaitpose.pose.codec import decode, unmirrored
from gaitpose.pose.crop import cut
from gaitpose.pose.estimator import Box
from gaitpose.pose.people import MARGIN, person_box
from gaitpose.pose.runtime import Runtime, RuntimeName, choose_runtime
from gaitpose.pose.weights import WeightsCard, read_card, weights_path
from gaitpose.skeleton import JOINTS

SURE_ENOUGH = 0.1
"""Joints with less confidence do not shape the box of the next look."""


class GaitPoseNet:
    """Finds eight joints of a person with GaitPoseNet (an :class:`~.estimator.Estimator`).

    Use :meth:`from_pretrained`.

    Parameters
    ----------
    runtime : Runtime
        What runs the network.
    card : WeightsCard
        Of its weights.
    size : int
        Side of the network's square input, px.
    source : Path
        The file of the weights.
    calibrated : bool
        Whether confidence is the share of joints that are right at it (PCKs at 0.1 on the
        validation photographs, if the card has a calibration) or the probability as decoded.
    mirrored : bool
        Whether the mirror image is looked at too and the maps are averaged: righter, the same for
        left and right, and twice the time.

    Examples
    --------
    >>> net = GaitPoseNet.from_pretrained("lite")  # doctest: +SKIP
    >>> net.predict(image_rgb)  # doctest: +SKIP
    """

    name = "gaitpose"
    keypoints: tuple[str, ...] = JOINTS

    def __init__(
        self,
        runtime: Runtime,
        card: WeightsCard,
        size: int,
        source: Path,
        *,
        calibrated: bool = True,
        mirrored: bool = True,
    ) -> None:
        self.runtime = runtime
        self.card = card
        self.size = size
        self.source = source
        self.mirrored = mirrored
        self.calibration = card.calibration if calibrated else ()

    @classmethod
    def from_pretrained(
        cls,
        name: str | Path = "lite",
        *,
        size: int | None = None,
        runtime: RuntimeName = "auto",
        integers: bool = True,
        calibrated: bool = True,
        mirrored: bool = True,
    ) -> GaitPoseNet:
        """Load weights.

        Parameters
        ----------
        name : str or Path
            Weights that the package ships ("lite", "full"), or the path of a ``.safetensors``
            file with its ``.json`` beside it.
        size : int, optional
            Side of the input square, px; by default the one the weights were trained for.
        runtime : {"auto", "torch", "openvino"}
            What runs the network.
        integers : bool
            Whether it may be run in 8-bit integers (:func:`gaitpose.pose.runtime.choose_runtime`).
        calibrated : bool
            What confidence means, see above.
        mirrored : bool
            Whether the mirror image is looked at too, see above.

        Raises
        ------
        BadSettings
            If there are no such weights, or the size is impossible.
        UnreadableInput
            If the files are damaged.
        """
        path = weights_path(name)
        card = read_card(path)
        size = card.input_size if size is None else size
        return cls(
            choose_runtime(path, size, runtime, integers=integers),
            card,
            size,
            path,
            calibrated=calibrated,
            mirrored=mirrored,
        )

    def predict(self, rgb: np.ndarray, box: Box | None = None) -> np.ndarray:
        """Find the joints of the person in `box`, or of the most prominent one.

        Parameters
        ----------
        rgb : uint8 array, (height, width, 3)
            The picture.
        box : Box, optional
            Tight rectangle around the person, px. Without it the whole picture is looked at
            first, and then, more closely, where somebody was found, twice: the second square is
            laid better, and of each joint the surer find is kept.

        Returns
        -------
        float array, (8, 3)
            x, y in pixels of the picture (centres at integers) and confidence 0..1.

        Raises
        ------
        UnreadableInput
            If `rgb` is not such an array.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or 0 in rgb.shape:
            raise UnreadableInput(
                f"a uint8 array (height, width, 3) is needed, not {rgb.dtype} {rgb.shape}",
                where="rgb",
            )
        if box is not None:
            return self._look(rgb, Box(*box), MARGIN)
        height, width = rgb.shape[:2]
        glance = self._look(rgb, Box(0, 0, width - 1, height - 1), 1.0)
        look = self._look(rgb, _box_around(glance), MARGIN)
        again = self._look(rgb, _box_around(look), MARGIN)
        return np.where(again[:, 2:] > look[:, 2:], again, look)

    def _look(self, rgb: np.ndarray, box: Box, margin: float) -> np.ndarray:
        crop = cut(rgb, box, self.size, self.size, margin)
        joints = decode(self.maps(crop.patch), self.card.network.heatmap)
        joints[:, :2] = crop.to_image(joints[:, :2])
        if self.calibration:
            joints[:, 2] = calibrate(joints[:, 2], self.calibration)
        return joints

    def maps(self, square: np.ndarray) -> np.ndarray:
        """Return the network's maps (24, S/4, S/4) of a square (S, S, 3) uint8 RGB."""
        maps = self.runtime.run(square)
        if self.mirrored:
            maps = (maps + unmirrored(self.runtime.run(square[:, ::-1]))) / 2
        return maps

    def describe(self) -> dict[str, str]:
        """Return weights' file name and SHA-256, how it looks, runtime, and why that runtime."""
        return {
            "weights": self.source.name,
            "sha256": sha256_of(self.source),
            "input": f"{self.size} x {self.size} px",
            "looks": "at the mirror image too" if self.mirrored else "once",
            "runtime": self.runtime.name,
            "why": self.runtime.why,
        }


def calibrate(confidence: np.ndarray, table: Sequence[tuple[float, float]]) -> np.ndarray:
    """Return the share of joints that are right at a confidence as decoded, by a card's table."""
    decoded, share = zip(*table, strict=True)
    return np.interp(confidence, decoded, share)


def _box_around(joints: np.ndarray) -> Box:
    """Return the box of a person by his or her sure joints, or the four surest."""
    sure = joints[:, 2] >= min(SURE_ENOUGH, float(np.sort(joints[:, 2])[-4]))
    return Box(*person_box(joints[:, :2], sure))
