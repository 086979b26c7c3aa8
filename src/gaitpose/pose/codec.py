"""Joints to label maps and back: the only place that knows what the maps mean.

Equations 1-4 of Sci Rep 2023, 13:22681, as this project reads them: Eq. 1 with the squares that the
print lost, Eq. 2's disc cut by the text's "above 0.6", Eq. 3 in cells, Eq. 4 with the dot product
and the direction from the first joint to the second. Coordinates are pixels of the network's input
(centres at integers); a heatmap cell ``xh`` stands for input pixel ``4 xh``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gaitpose.pose.network import STRIDE, HeatmapKind, JgsKind
from gaitpose.skeleton import BONES, JOINTS

MEAN_RGB = (118.0, 112.0, 104.0)
SCALE_RGB = 64.0

_BONE_ENDS = tuple((JOINTS.index(first), JOINTS.index(second)) for first, second in BONES)

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


@dataclass(frozen=True)
class Labels:
    """Label maps of a batch, ``h = H/4`` and ``w = W/4``.

    Attributes
    ----------
    heatmap : Tensor (B, 8, h, w)
        Eq. 1, 0..1; zero for joints that are not present.
    positive : bool Tensor (B, 8, h, w)
        Where Eq. 2 holds.
    offset : Tensor (B, 16, h, w)
        Eq. 3; defined everywhere, to be learned where ``positive``.
    jgs : Tensor (B, 8 or 16, h, w) or None
        Eq. 4: 1 on the bone, or the unit vector along it (even channels x, odd y).
    bone_known : bool Tensor (B, 8) or None
        Whether both ends of the bone are present.
    """

    heatmap: Tensor
    positive: Tensor
    offset: Tensor
    jgs: Tensor | None
    bone_known: Tensor | None


def normalise(rgb: Tensor) -> Tensor:
    """Return images (B, H, W, 3) of 0..255 as the network's input (B, 3, H, W)."""
    image = rgb.permute(0, 3, 1, 2).float()
    mean = torch.tensor(MEAN_RGB, device=rgb.device).view(1, 3, 1, 1)
    return (image - mean) / SCALE_RGB


def grey_depth(rgb: Tensor) -> Tensor:
    """Return the stand-in for depth in pre-training: grey scale, (B, H, W, 3) to (B, 1, H, W)."""
    weights = torch.tensor((0.299, 0.587, 0.114), device=rgb.device)
    return (rgb.float() @ weights).unsqueeze(1) / 255.0


def encode(
    joints: Tensor, state: Tensor, size: tuple[int, int], settings: CodecSettings, jgs: JgsKind
) -> Labels:
    """Draw the label maps of a batch.

    Parameters
    ----------
    joints : Tensor (B, 8, 2)
        x, y in input pixels; any value where a joint is not present.
    state : int Tensor (B, 8)
        :data:`UNKNOWN`, :data:`PRESENT` or :data:`ABSENT`.
    size : (height, width)
        Of the maps, cells.
    settings : CodecSettings
        Their features' sizes.
    jgs : {"none", "mask", "vector"}
        Which joint guidance to draw.

    Returns
    -------
    Labels
        The maps, on the device of `joints`.
    """
    height, width = size
    present = (state == PRESENT)[:, :, None, None]
    cells = joints.float().nan_to_num() / STRIDE
    column = torch.arange(width, device=joints.device, dtype=torch.float32)
    row = torch.arange(height, device=joints.device, dtype=torch.float32)
    dx = (cells[:, :, 0, None] - column)[:, :, None, :].expand(-1, -1, height, -1)
    dy = (cells[:, :, 1, None] - row)[:, :, :, None].expand(-1, -1, -1, width)
    squared = dx.square() + dy.square()
    heatmap = torch.exp(-squared / settings.sigma**2) * present
    positive = (squared <= settings.offset_radius**2) & present
    offset = torch.stack((dx, dy), dim=2).flatten(1, 2)
    if jgs == "none":
        return Labels(heatmap, positive, offset, None, None)
    guidance, known = _draw_bones(cells, state, column, row, settings.bone_radius, jgs)
    return Labels(heatmap, positive, offset, guidance, known)


def _draw_bones(
    cells: Tensor, state: Tensor, column: Tensor, row: Tensor, radius: float, jgs: JgsKind
) -> tuple[Tensor, Tensor]:
    """Eq. 4: cells that project between a bone's ends and lie within `radius` of it."""
    ends = torch.tensor(_BONE_ENDS, device=cells.device)
    start, stop = cells[:, ends[:, 0]], cells[:, ends[:, 1]]
    known = (state[:, ends] == PRESENT).all(-1)
    length = (stop - start).norm(dim=-1).clamp_min(1e-6)
    along = (stop - start) / length[..., None]
    px = column[None, None, None, :] - start[:, :, 0, None, None]
    py = row[None, None, :, None] - start[:, :, 1, None, None]
    ax, ay = along[:, :, 0, None, None], along[:, :, 1, None, None]
    projection = ax * px + ay * py
    distance = (ax * py - ay * px).abs()
    inside = (projection >= 0) & (projection <= length[..., None, None]) & (distance <= radius)
    mask = (inside & known[..., None, None]).float()
    if jgs == "mask":
        return mask, known
    return torch.stack((mask * ax, mask * ay), dim=2).flatten(1, 2), known


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
    height, width = heatmap.shape[1:]
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
