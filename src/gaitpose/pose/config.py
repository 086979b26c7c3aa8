"""The network's shape as data, and its two named sizes; no PyTorch in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from gaitpose.errors import BadSettings

STRIDE = 4
"""Input pixels per heatmap cell."""

SIZE_MULTIPLE = 16
"""Height and width of the input must be multiples of this (four down-samplings)."""

HeatmapKind = Literal["value", "distribution"]
JgsKind = Literal["none", "mask", "vector"]

InputRanges = Mapping[str, tuple[float, float]]
"""Smallest and largest input of each convolution (:mod:`gaitpose.pose.quantization`)."""


@dataclass(frozen=True)
class NetworkConfig:
    """Everything that decides the network's shape.

    Parameters
    ----------
    stem : int
        Channels after Focus (stride 2).
    widths : tuple of three int
        Channels of the stages at stride 4, 8 and 16.
    depths : tuple of three int
        SE-ResNeXt blocks in each stage.
    group_width : int
        Channels in a group of the grouped convolutions. Narrow groups are slow on CPUs: with 8
        training took 2.5 times and inference 1.8 times as long as with 32.
    neck : int
        Channels of the feature pyramid.
    focus : bool
        Space-to-depth stem; False takes a strided convolution (ablation).
    fpn : bool
        Lateral connections; False only up-samples (ablation).
    depth_head : bool
        Whether to predict depth at full resolution while training.
    jgs : {"none", "mask", "vector"}
        Joint guidance: no head, one mask a bone, or a direction field of two channels a bone.
    heatmap : {"value", "distribution"}
        What the heatmap means: a value in 0..1 per cell (the article), or logits of a probability
        distribution over all cells (softmax).
    """

    stem: int = 24
    widths: tuple[int, int, int] = (64, 128, 384)
    depths: tuple[int, int, int] = (2, 3, 6)
    group_width: int = 32
    neck: int = 64
    focus: bool = True
    fpn: bool = True
    depth_head: bool = True
    jgs: JgsKind = "mask"
    heatmap: HeatmapKind = "value"

    def __post_init__(self) -> None:
        # JSON gives lists; equality and hashing need tuples.
        object.__setattr__(self, "widths", tuple(self.widths))
        object.__setattr__(self, "depths", tuple(self.depths))
        for width in self.widths:
            inner = width // 2
            if inner > self.group_width and inner % self.group_width:
                raise BadSettings(
                    f"half of a stage's width ({inner}) is no multiple of the group width "
                    f"({self.group_width})",
                    where="NetworkConfig.widths",
                )


LITE = NetworkConfig()
"""About a quarter of Full's parameters: the same network, half as wide."""

FULL = replace(LITE, stem=48, widths=(128, 320, 832), neck=128)
"""Twice as wide: 7.1 M parameters with all heads, Lite 1.7 M."""

SIZES: dict[str, NetworkConfig] = {"lite": LITE, "full": FULL}
