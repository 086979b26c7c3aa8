"""The layers GaitPoseNet is built of: Focus, SE-ResNeXt block, feature pyramid.

Sources: Focus is YOLOv5's space-to-depth stem; squeeze-and-excitation Hu et al. 2018
(arXiv:1709.01507); grouped bottleneck Xie et al. 2017 (arXiv:1611.05431); pyramid Lin et al. 2017
(arXiv:1612.03144). Shapes are ``(batch, channels, height, width)`` throughout.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class ConvolutionNorm(nn.Sequential):
    """Convolution without bias, batch normalisation and, unless told otherwise, ReLU.

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    kernel : int
        Side of the square kernel; padding keeps the size.
    stride, groups : int
        As in :class:`torch.nn.Conv2d`.
    activation : bool
        Whether ReLU follows.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 1,
        *,
        stride: int = 1,
        groups: int = 1,
        activation: bool = True,
    ) -> None:
        layers: list[nn.Module] = [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
        ]
        if activation:
            layers.append(nn.ReLU(inplace=True))
        super().__init__(*layers)


class Focus(nn.Module):
    """Space-to-depth 2x2, then a convolution: half the size, no pixel lost.

    ``(B, 3, H, W)`` to ``(B, 12, H/2, W/2)`` by slicing, to ``(B, outputs, H/2, W/2)`` by a 3x3
    convolution.
    """

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.convolution = ConvolutionNorm(12, outputs, 3)

    def forward(self, image: Tensor) -> Tensor:
        """Return features at half the image's size."""
        return self.convolution(functional.pixel_unshuffle(image, 2))


class StridedStem(ConvolutionNorm):
    """What Focus replaces (the ablation ``focus=False``): a 3x3 convolution with stride 2.

    ``(B, 3, H, W)`` to ``(B, outputs, H/2, W/2)``.
    """

    def __init__(self, outputs: int) -> None:
        super().__init__(3, outputs, 3, stride=2)


class SqueezeExcitation(nn.Module):
    """Weigh the channels by a gate computed from their mean over the whole map; shape is kept."""

    def __init__(self, channels: int, reduction: int = 8) -> None:
        super().__init__()
        squeezed = max(8, channels // reduction)
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.excite = nn.Conv2d(squeezed, channels, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Return the features, each channel scaled by its gate in 0..1."""
        mean = features.mean((2, 3), keepdim=True)
        gate = torch.sigmoid(self.excite(functional.relu(self.squeeze(mean))))
        return features * gate


class SEResNeXtBlock(nn.Module):
    """Bottleneck with a grouped 3x3 convolution, squeeze-excitation and a shortcut.

    ``(B, inputs, H, W)`` to ``(B, outputs, H/stride, W/stride)``; the bottleneck has half of
    `outputs` channels in groups of `group_width`.
    """

    def __init__(self, inputs: int, outputs: int, *, group_width: int, stride: int = 1) -> None:
        super().__init__()
        inner = outputs // 2
        groups = max(1, inner // group_width)
        self.residual = nn.Sequential(
            ConvolutionNorm(inputs, inner),
            ConvolutionNorm(inner, inner, 3, stride=stride, groups=groups),
            ConvolutionNorm(inner, outputs, activation=False),
            SqueezeExcitation(outputs),
        )
        self.shortcut: nn.Module = (
            nn.Identity()
            if inputs == outputs and stride == 1
            else ConvolutionNorm(inputs, outputs, stride=stride, activation=False)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return shortcut plus residual, rectified."""
        return functional.relu(self.shortcut(features) + self.residual(features))


class FeaturePyramid(nn.Module):
    """Top-down up-sampling with lateral connections, from the coarsest level to the finest.

    Levels ``(B, inputs[i], H/2**i, W/2**i)``, finest first, to ``(B, outputs, H, W)``.

    Parameters
    ----------
    inputs : tuple of int
        Channels of the levels, finest first.
    outputs : int
        Channels of the result.
    laterals : bool
        Whether the finer levels take part. Without them (the ablation ``fpn=False``) the coarsest
        is only up-sampled and smoothed.
    """

    def __init__(self, inputs: tuple[int, ...], outputs: int, *, laterals: bool = True) -> None:
        super().__init__()
        self.top = ConvolutionNorm(inputs[-1], outputs)
        self.laterals = nn.ModuleList(
            ConvolutionNorm(channels, outputs) for channels in (inputs[:-1] if laterals else ())
        )
        self.smooth = nn.ModuleList(ConvolutionNorm(outputs, outputs, 3) for _ in inputs[:-1])

    def forward(self, levels: list[Tensor]) -> Tensor:
        """Return the merged features at the finest level's size."""
        merged = self.top(levels[-1])
        for index in reversed(range(len(self.smooth))):
            merged = functional.interpolate(merged, scale_factor=2.0, mode="nearest")
            if len(self.laterals):
                merged = merged + self.laterals[index](levels[index])
            merged = self.smooth[index](merged)
        return merged
