"""What the maps mean, and how joints are read from them.

Equations 1-4 of Sci Rep 2023, 13:22681, as this project reads them: Eq. 1 with the squares that the
print lost, Eq. 2's disc cut by the text's "above 0.6", Eq. 3 in cells, Eq. 4 with the dot product
and the direction from the first joint to the second. Coordinates are pixels of the network's input
(centres at integers); a heatmap cell ``xh`` stands for input pixel ``4 xh``. The maps are drawn in
:mod:`gaitpose.pose.labels`, apart only because that needs PyTorch and reading does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gaitpose.pose.config import STRIDE, HeatmapKind
from gaitpose.skeleton import JOINTS

MEAN_RGB = (118.0, 112.0, 104.0)
SCALE_RGB = 64.0

UNKNOWN, PRESENT, ABSENT = 0, 1, 2
"""State of a joint in an image: not labelled, at its label, or known not to be in the image."""


@dataclass(frozen=True)
class CodecSettings:
    """Sizes of the label maps' features, all in heatmap cells.

    Parameters
    ----------
    sigma : float
        Of Eq. 1, ``exp(-r^2 / sigma^2)`` (no factor 2).
    positive_radius : float
        Of Eq. 2: offsets are learned within this distance of the joint.
    positive_value : float
        ... and where the heatmap's label is above this.
    bone_radius : float
        Of Eq. 4: half the width of a bone's mask.
    """

    sigma: float = 6.0
    positive_radius: float = 6.0
    positive_value: float = 0.6
    bone_radius: float = 8.0

    @property
    def offset_radius(self) -> float:
        """Radius in cells of the disc that both conditions leave."""
        return min(self.positive_radius, self.sigma * math.sqrt(-math.log(self.positive_value)))


def decode(maps: np.ndarray, kind: HeatmapKind, *, mass_radius: int = 3) -> np.ndarray:
    """Find the joints in the maps of one image.

    Parameters
    ----------
    maps : float array, (24, h, w)
        Eight heatmap channels, then sixteen offset channels.
    kind : {"value", "distribution"}
        What the heatmap means.
    mass_radius : int
        Half the side in cells of the window whose probability is the confidence of a distribution.

    Returns
    -------
    float array, (8, 3)
        x, y in input pixels and confidence 0..1: the heatmap's peak value, or the probability
        around the peak.
    """
    count = len(JOINTS)
    heatmap, offset = maps[:count], maps[count:]
    width = heatmap.shape[2]
    peak = heatmap.reshape(count, -1).argmax(1)
    row, column = np.divmod(peak, width)
    each = np.arange(count)
    x = (column + offset[2 * each, row, column]) * STRIDE
    y = (row + offset[2 * each + 1, row, column]) * STRIDE
    if kind == "value":
        confidence = heatmap[each, row, column]
    else:
        confidence = _mass_around(heatmap, row, column, mass_radius)
    return np.stack((x, y, np.clip(confidence, 0.0, 1.0)), axis=1).astype(np.float64)


def _mass_around(
    logits: np.ndarray, row: np.ndarray, column: np.ndarray, radius: int
) -> np.ndarray:
    total = np.exp(logits - logits.max((1, 2), keepdims=True))
    total /= total.sum((1, 2), keepdims=True)
    return np.array(
        [
            plane[max(0, r - radius) : r + radius + 1, max(0, c - radius) : c + radius + 1].sum()
            for plane, r, c in zip(total, row, column, strict=True)
        ]
    )
