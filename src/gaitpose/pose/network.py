"""GaitPoseNet's network: one configurable module.

After Sci Rep 2023, 13:22681. Four down-samplings (Focus, then three stages of SE-ResNeXt blocks),
two up-samplings back to stride 4, and up to four heads of which two are needed to find joints.
"""

from __future__ import annotations

import copy
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from gaitpose.pose.blocks import (
    ConvolutionNorm,
    FeaturePyramid,
    Focus,
    SEResNeXtBlock,
    StridedStem,
)
from gaitpose.pose.config import STRIDE, NetworkConfig
from gaitpose.skeleton import BONES, JOINTS

_ModuleT = TypeVar("_ModuleT", bound=nn.Module)


class Maps(NamedTuple):
    """What the heads give for images of ``(B, 3, H, W)``; None where a head is absent.

    Attributes
    ----------
    heatmap : Tensor (B, 8, H/4, W/4)
        One channel a joint.
    offset : Tensor (B, 16, H/4, W/4)
        Way from the cell to the joint in cells; even channels x, odd channels y.
    jgs : Tensor (B, 8 or 16, H/4, W/4) or None
        Joint guidance, one or two channels a bone.
    depth : Tensor (B, 1, H, W) or None
        Relative depth, 0..1.
    """

    heatmap: Tensor
    offset: Tensor
    jgs: Tensor | None
    depth: Tensor | None


def _stage(inputs: int, outputs: int, depth: int, group_width: int) -> nn.Sequential:
    first = SEResNeXtBlock(inputs, outputs, group_width=group_width, stride=2)
    rest = [SEResNeXtBlock(outputs, outputs, group_width=group_width) for _ in range(depth - 1)]
    return nn.Sequential(first, *rest)


class DepthHead(nn.Module):
    """Depth at full resolution: a value for each of a cell's 4x4 pixels, then depth-to-space.

    ``(B, inputs, H/4, W/4)`` to ``(B, 1, H, W)``.
    """

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.pixels = nn.Conv2d(inputs, STRIDE * STRIDE, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        """Return relative depth."""
        return functional.pixel_shuffle(self.pixels(features), STRIDE)


class PoseNetwork(nn.Module):
    """The network: RGB image to heatmap, offset and, while training, guidance and depth.

    Parameters
    ----------
    config : NetworkConfig
        Its shape.

    Notes
    -----
    Images are ``(B, 3, H, W)`` floats of :class:`gaitpose.pose.normalise.Normalise`, H and W
    multiples of :data:`gaitpose.pose.config.SIZE_MULTIPLE`.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.stem: nn.Module = (Focus if config.focus else StridedStem)(config.stem)
        inputs = (config.stem, *config.widths[:-1])
        self.stages = nn.ModuleList(
            _stage(before, width, depth, config.group_width)
            for before, width, depth in zip(inputs, config.widths, config.depths, strict=True)
        )
        self.pyramid = FeaturePyramid(config.widths, config.neck, laterals=config.fpn)
        self.joints = nn.Conv2d(config.neck, 3 * len(JOINTS), 1)
        channels = {"none": 0, "mask": 1, "vector": 2}[config.jgs] * len(BONES)
        self.guidance = nn.Conv2d(config.neck, channels, 1) if channels else None
        self.depth = DepthHead(config.neck) if config.depth_head else None
        self._initialise()

    def _initialise(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        # Heads start near zero, so that the first steps fit the labels and not the noise.
        heads = [self.joints, self.guidance, None if self.depth is None else self.depth.pixels]
        for head in heads:
            if head is not None:
                nn.init.normal_(head.weight, std=0.01)

    def features(self, image: Tensor) -> Tensor:
        """Return the pyramid's features (B, neck, H/4, W/4) of images (B, 3, H, W)."""
        level = self.stem(image)
        levels = []
        for stage in self.stages:
            level = stage(level)
            levels.append(level)
        return self.pyramid(levels)

    def forward(self, image: Tensor) -> Maps:
        """Return the maps of images (B, 3, H, W)."""
        features = self.features(image)
        joints = self.joints(features)
        count = len(JOINTS)
        return Maps(
            heatmap=joints[:, :count],
            offset=joints[:, count:],
            jgs=None if self.guidance is None else self.guidance(features),
            depth=None if self.depth is None else self.depth(features),
        )

    def for_inference(self) -> InferenceNetwork:
        """Return a copy without the training heads, its batch norms fused into convolutions."""
        return InferenceNetwork(self)


class InferenceNetwork(nn.Module):
    """What is left of :class:`PoseNetwork` to find joints: heatmap and offset in one tensor.

    ``(B, 3, H, W)`` to ``(B, 24, H/4, W/4)``: eight heatmap channels, then sixteen of offset.
    """

    def __init__(self, network: PoseNetwork) -> None:
        super().__init__()
        network = copy.deepcopy(network).eval()
        network.guidance = None
        network.depth = None
        _fuse(network)
        self.config = network.config
        self.network = network.requires_grad_(False)

    @torch.inference_mode()
    def forward(self, image: Tensor) -> Tensor:
        """Return heatmap and offset channels, one after the other."""
        return self.network.joints(self.network.features(image))


def _fuse(module: nn.Module) -> None:
    for child in module.modules():
        if isinstance(child, ConvolutionNorm):
            convolution, norm = child[0], child[1]
            assert isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
            child[0] = fuse_conv_bn_eval(convolution, norm)
            child[1] = nn.Identity()


def as_channels_last(module: _ModuleT) -> _ModuleT:
    """Lay the weights out as convolutions on CPUs and recent GPUs like them; in place."""
    # The stubs of PyTorch 2.13 lack this overload of Module.to.
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def count_parameters(module: nn.Module) -> int:
    """Return the number of trainable values."""
    return sum(parameter.numel() for parameter in module.parameters())
