"""HRNet-w32 for pose (Sun et al. 2019, arXiv:1902.09212): four resolutions kept side by side."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from peers.layers import Bottleneck, ConvNorm

JOINTS = 17


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            ConvNorm(channels, channels, 3), ConvNorm(channels, channels, 3, activation=None)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return shortcut plus residual, rectified."""
        return functional.relu(features + self.residual(features))


def _between(widths: tuple[int, ...], source: int, target: int) -> nn.Module:
    """Bring a branch to another's resolution and width."""
    if source == target:
        return nn.Identity()
    if source > target:
        return nn.Sequential(
            ConvNorm(widths[source], widths[target], activation=None),
            nn.Upsample(scale_factor=2 ** (source - target), mode="nearest"),
        )
    halvings: list[nn.Module] = [
        ConvNorm(widths[source], widths[source], 3, stride=2) for _ in range(target - source - 1)
    ]
    last = ConvNorm(widths[source], widths[target], 3, stride=2, activation=None)
    return nn.Sequential(*halvings, last)


class Exchange(nn.Module):
    """Four blocks a branch, then `outputs` branches, each the sum of all."""

    def __init__(self, widths: tuple[int, ...], outputs: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Sequential(*(BasicBlock(width) for _ in range(4))) for width in widths
        )
        self.ways = nn.ModuleList(
            nn.ModuleList(_between(widths, source, target) for source in range(len(widths)))
            for target in range(outputs)
        )

    def forward(self, levels: list[Tensor]) -> list[Tensor]:
        """Return the new levels, finest first."""
        levels = [branch(level) for branch, level in zip(self.branches, levels, strict=True)]
        merged = []
        for ways in self.ways:
            assert isinstance(ways, nn.ModuleList)
            total = ways[0](levels[0])
            for way, level in zip(list(ways)[1:], levels[1:], strict=True):
                total = total + way(level)
            merged.append(functional.relu(total))
        return merged


class HRNet(nn.Module):
    """RGB ``(B, 3, H, W)`` to heatmaps ``(B, 17, H/4, W/4)``; `width` channels at the finest."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        widths = (width, 2 * width, 4 * width, 8 * width)
        self.stem = nn.Sequential(
            ConvNorm(3, 64, 3, stride=2),
            ConvNorm(64, 64, 3, stride=2),
            Bottleneck(64, 64),
            *(Bottleneck(256, 64) for _ in range(3)),
        )
        self.finest = ConvNorm(256, widths[0], 3)
        self.coarser = nn.ModuleList(
            ConvNorm(inputs, outputs, 3, stride=2)
            for inputs, outputs in zip((256, *widths[1:3]), widths[1:], strict=True)
        )
        # One, four and three exchanges with two, three and four branches; the last gives one.
        self.stages = nn.ModuleList(
            nn.Sequential(
                *(
                    Exchange(widths[:branches], 1 if branches == 4 and last else branches)
                    for last in [False] * (repeats - 1) + [True]
                )
            )
            for branches, repeats in ((2, 1), (3, 4), (4, 3))
        )
        self.heatmap = nn.Conv2d(widths[0], JOINTS, 1)

    def forward(self, image: Tensor) -> Tensor:
        """Return the heatmaps."""
        stem = self.stem(image)
        levels = [self.finest(stem)]
        for coarser, stage in zip(self.coarser, self.stages, strict=True):
            # The first new branch starts from the stem, the others from the coarsest one.
            levels.append(coarser(stem if len(levels) == 1 else levels[-1]))
            levels = stage(levels)
        return self.heatmap(levels[0])
