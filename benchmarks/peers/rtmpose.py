"""RTMPose (Jiang et al. 2023, arXiv:2303.07399): CSPNeXt, then SimCC with a gated attention unit.

CSPNeXt after Lyu et al. 2022 (arXiv:2212.07784), the gated attention unit after Hua et al. 2022
(arXiv:2202.10447), coordinates as two classifications after Li et al. 2022 (arXiv:2107.03332).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from peers.layers import ConvNorm

JOINTS = 17
# Widths and blocks of the stages before scaling: in, out, blocks, shortcuts within blocks.
STAGES = ((64, 128, 3, True), (128, 256, 6, True), (256, 512, 6, True), (512, 1024, 3, False))


class CspNextBlock(nn.Module):
    """3x3 convolution, 5x5 depthwise separable convolution, shortcut."""

    def __init__(self, channels: int, *, shortcut: bool) -> None:
        super().__init__()
        self.shortcut = shortcut
        self.residual = nn.Sequential(
            ConvNorm(channels, channels, 3, activation=nn.SiLU),
            ConvNorm(channels, channels, 5, groups=channels, activation=nn.SiLU),
            ConvNorm(channels, channels, activation=nn.SiLU),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return the new features."""
        residual = self.residual(features)
        return features + residual if self.shortcut else residual


class CspLayer(nn.Module):
    """Half of the channels through blocks, half past them; channel attention; 1x1 convolution."""

    def __init__(self, channels: int, blocks: int, *, shortcut: bool) -> None:
        super().__init__()
        inner = channels // 2
        self.past = ConvNorm(channels, inner, activation=nn.SiLU)
        self.through = nn.Sequential(
            ConvNorm(channels, inner, activation=nn.SiLU),
            *(CspNextBlock(inner, shortcut=shortcut) for _ in range(blocks)),
        )
        self.attention = nn.Conv2d(2 * inner, 2 * inner, 1)
        self.last = ConvNorm(2 * inner, channels, activation=nn.SiLU)

    def forward(self, features: Tensor) -> Tensor:
        """Return the new features."""
        both = torch.cat((self.through(features), self.past(features)), dim=1)
        gate = functional.hardsigmoid(self.attention(both.mean((2, 3), keepdim=True)))
        return self.last(both * gate)


class PyramidPooling(nn.Module):
    """Maxima over 5x5, 9x9 and 13x13 beside the features themselves."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = channels // 2
        self.first = ConvNorm(channels, inner, activation=nn.SiLU)
        self.pools = nn.ModuleList(nn.MaxPool2d(side, 1, side // 2) for side in (5, 9, 13))
        self.last = ConvNorm(4 * inner, channels, activation=nn.SiLU)

    def forward(self, features: Tensor) -> Tensor:
        """Return features of the same shape."""
        first = self.first(features)
        return self.last(torch.cat([first, *(pool(first) for pool in self.pools)], dim=1))


class ScaleNorm(nn.Module):
    """Divide by the root mean square over the last axis; one factor learned."""

    def __init__(self) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.ones(1))

    def forward(self, values: Tensor) -> Tensor:
        """Return the values, scaled."""
        # Squares of half-precision values would overflow; the norm adds up in single precision.
        size = torch.linalg.vector_norm(values, dim=-1, keepdim=True) / values.shape[-1] ** 0.5
        return values / size.clamp(min=1e-5) * self.factor


class GatedAttention(nn.Module):
    """Attention between joints, gated: ``(B, joints, channels)`` to the same."""

    def __init__(self, channels: int = 256, keys: int = 128) -> None:
        super().__init__()
        inner = 2 * channels
        self.sizes = (inner, inner, keys)
        self.norm = ScaleNorm()
        self.enter = nn.Linear(channels, sum(self.sizes), bias=False)
        self.leave = nn.Linear(inner, channels, bias=False)
        self.scale = nn.Parameter(torch.rand(2, keys))
        self.shift = nn.Parameter(torch.rand(2, keys))
        self.shortcut = nn.Parameter(torch.ones(channels))

    def forward(self, joints: Tensor) -> Tensor:
        """Return the joints after each has looked at the others."""
        entered = functional.silu(self.enter(self.norm(joints)))
        gate, value, shared = entered.split(self.sizes, dim=-1)
        query = shared * self.scale[0] + self.shift[0]
        key = shared * self.scale[1] + self.shift[1]
        weights = functional.relu(query @ key.transpose(1, 2) / self.sizes[2] ** 0.5).square()
        return joints * self.shortcut + self.leave(gate * (weights @ value))


class RTMPose(nn.Module):
    """RGB ``(B, 3, H, W)`` to ``(B, 17, 2 W + 2 H)``: classes of x, then of y.

    Parameters
    ----------
    deepen, widen : float
        Scales of CSPNeXt: 0.33 and 0.5 for "s", 0.67 and 0.75 for "m".
    height, width : int
        Of the input, px.
    """

    def __init__(self, deepen: float, widen: float, height: int = 256, width: int = 192) -> None:
        super().__init__()
        first = int(STAGES[0][0] * widen)
        layers: list[nn.Module] = [
            ConvNorm(3, first // 2, 3, stride=2, activation=nn.SiLU),
            ConvNorm(first // 2, first // 2, 3, activation=nn.SiLU),
            ConvNorm(first // 2, first, 3, activation=nn.SiLU),
        ]
        for inputs, outputs, blocks, shortcut in STAGES:
            channels = int(outputs * widen)
            layers.append(ConvNorm(int(inputs * widen), channels, 3, stride=2, activation=nn.SiLU))
            if not shortcut:
                layers.append(PyramidPooling(channels))
            layers.append(CspLayer(channels, max(1, round(blocks * deepen)), shortcut=shortcut))
        self.backbone = nn.Sequential(*layers)
        self.joints = nn.Conv2d(channels, JOINTS, 7, padding=3)
        self.embed = nn.Sequential(
            ScaleNorm(), nn.Linear((height // 32) * (width // 32), 256, bias=False)
        )
        self.attention = GatedAttention()
        self.across = nn.Linear(256, 2 * width, bias=False)
        self.down = nn.Linear(256, 2 * height, bias=False)

    def forward(self, image: Tensor) -> Tensor:
        """Return the logits of both coordinates, half a pixel a class."""
        joints = self.joints(self.backbone(image)).flatten(2)
        joints = self.attention(self.embed(joints))
        return torch.cat((self.across(joints), self.down(joints)), dim=2)
