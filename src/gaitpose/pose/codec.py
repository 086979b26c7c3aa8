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
from gaitpose.skeleton import JOINTS, MIRROR

MEAN_RGB = (118.0, 112.0, 104.0)
SCALE_RGB = 64.0

UNKNOWN, PRESENT, ABSENT = 0, 1, 2
"""State of a joint in an image: not labelled, at its label, or known not to be in the image."""

MASS_RADIUS = 3
"""Cells around a peak whose probability counts as the peak's."""

EXPECTED = 0.3
"""Number of a pair's joints that must be expected at a second place for it to count.

Chosen on pictures trained on: with less, sides are exchanged more often; with more, the second leg
is missed more often, which nothing later can mend.
"""

_PAIRS = tuple((i, MIRROR[i]) for i, name in enumerate(JOINTS) if name.startswith("left"))


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


def decode(maps: np.ndarray, kind: HeatmapKind, *, mass_radius: int = MASS_RADIUS) -> np.ndarray:
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

    Notes
    -----
    Distributions of a left and a right joint that peak at the same place, because the network
    doubts the side, are told apart where two places share the pair (:func:`part_pairs`).
    """
    count = len(JOINTS)
    heatmap, offset = maps[:count], maps[count:]
    width = heatmap.shape[2]
    if kind == "distribution":
        heatmap = _probabilities(heatmap)
    peak = heatmap.reshape(count, -1).argmax(1)
    if kind == "distribution":
        peak = part_pairs(heatmap, peak, mass_radius)
    row, column = np.divmod(peak, width)
    each = np.arange(count)
    # Where sides are in doubt the other side's offset may be the one that was learnt here.
    source = np.where(
        heatmap[each, row, column] >= heatmap[list(MIRROR), row, column], each, MIRROR
    )
    x = (column + offset[2 * source, row, column]) * STRIDE
    y = (row + offset[2 * source + 1, row, column]) * STRIDE
    if kind == "value":
        confidence = heatmap[each, row, column]
    else:
        confidence = np.array(
            [_mass(heatmap[k], row[k], column[k], mass_radius) for k in range(count)]
        )
    return np.stack((x, y, np.clip(confidence, 0.0, 1.0)), axis=1).astype(np.float64)


def unmirrored(maps: np.ndarray) -> np.ndarray:
    """Turn the maps of a mirrored square into those of the square itself.

    Parameters
    ----------
    maps : float array, (24, h, w)
        Eight heatmap channels, then sixteen offset channels.

    Returns
    -------
    float array, (24, h, w)
        Places mirrored, left and right joints exchanged.
    """
    count = len(JOINTS)
    turned = maps[:, :, ::-1]
    heatmap = turned[:count][list(MIRROR)]
    offset = turned[count:].reshape(count, 2, *maps.shape[1:])[list(MIRROR)].copy()
    # A cell stands for its first pixel, and the mirror image's for the last.
    offset[:, 0] = (STRIDE - 1) / STRIDE - offset[:, 0]
    return np.concatenate([heatmap, offset.reshape(2 * count, *maps.shape[1:])])


def part_pairs(probability: np.ndarray, peak: np.ndarray, radius: int) -> np.ndarray:
    """Give left and right joints that peak at the same place a place each, if there are two.

    Parameters
    ----------
    probability : float array, (8, h, w)
        Of each joint over all cells.
    peak : int array, (8,)
        Flat index of each joint's best cell.
    radius : int
        Cells within this of each other (each way) are one place.

    Returns
    -------
    int array, (8,)
        The peaks, some of them moved.

    Notes
    -----
    A second place counts if enough of the two joints is expected there (:data:`EXPECTED`). Sides
    are then given to the places as the product of both probabilities says: a guess where the
    network only guesses, which the gait analysis settles over time.
    """
    parted = peak.copy()
    for left, right in _PAIRS:
        first, second = _cell(peak[left], probability), _cell(peak[right], probability)
        if max(abs(first[0] - second[0]), abs(first[1] - second[1])) > radius:
            continue
        both = probability[left] + probability[right]
        first = _cell(both.argmax(), probability)
        both[_window(*first, radius)] = 0.0
        second = _cell(both.argmax(), probability)
        if _mass(both, *second, radius) <= EXPECTED:
            continue
        straight = _mass(probability[left], *first, radius) * _mass(
            probability[right], *second, radius
        )
        crossed = _mass(probability[left], *second, radius) * _mass(
            probability[right], *first, radius
        )
        places = (first, second) if straight >= crossed else (second, first)
        parted[[left, right]] = [row * both.shape[1] + column for row, column in places]
    return parted


def _probabilities(logits: np.ndarray) -> np.ndarray:
    total = np.exp(logits - logits.max((1, 2), keepdims=True))
    return total / total.sum((1, 2), keepdims=True)


def _cell(flat: np.integer, maps: np.ndarray) -> tuple[int, int]:
    row, column = divmod(int(flat), maps.shape[2])
    return row, column


def _window(row: int, column: int, radius: int) -> tuple[slice, slice]:
    rows = slice(max(0, row - radius), row + radius + 1)
    return rows, slice(max(0, column - radius), column + radius + 1)


def _mass(plane: np.ndarray, row: int, column: int, radius: int) -> float:
    return float(plane[_window(row, column, radius)].sum())
