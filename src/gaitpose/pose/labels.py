"""Draws the label maps that training compares the network's output with.

What the maps mean is settled in :mod:`gaitpose.pose.codec`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gaitpose.pose.codec import PRESENT, CodecSettings
from gaitpose.pose.config import STRIDE, JgsKind
from gaitpose.skeleton import BONES, JOINTS

_BONE_STARTS, _BONE_STOPS = (tuple(map(JOINTS.index, ends)) for ends in zip(*BONES, strict=True))


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


def grey_depth(rgb: Tensor) -> Tensor:
    """Return the stand-in for depth in pre-training: grey scale, (B, H, W, 3) to (B, 1, H, W)."""
    red, green, blue = rgb.float().unbind(-1)
    return (0.299 * red + 0.587 * green + 0.114 * blue).unsqueeze(1) / 255.0


def encode(
    joints: Tensor, state: Tensor, size: tuple[int, int], settings: CodecSettings, jgs: JgsKind
) -> Labels:
    """Draw the label maps of a batch.

    Parameters
    ----------
    joints : Tensor (B, 8, 2)
        x, y in input pixels; any value where a joint is not present.
    state : int Tensor (B, 8)
        UNKNOWN, PRESENT or ABSENT of the codec.
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
    start, stop = _pick(cells, _BONE_STARTS), _pick(cells, _BONE_STOPS)
    present = state == PRESENT
    known = _pick(present, _BONE_STARTS) & _pick(present, _BONE_STOPS)
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


def _pick(values: Tensor, joints: Sequence[int]) -> Tensor:
    """Return some joints of (B, 8, ...). A list as an index would be sent to the device first."""
    return torch.stack([values[:, joint] for joint in joints], dim=1)
