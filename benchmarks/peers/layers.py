"""Layers that several peers share, and what any network needs before it is timed."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

WEIGHTED = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)


class ConvNorm(nn.Sequential):
    """Convolution, batch normalisation and the activation given, if any; padding keeps the size."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 1,
        *,
        stride: int = 1,
        groups: int = 1,
        activation: type[nn.Module] | None = nn.ReLU,
    ) -> None:
        layers: list[nn.Module] = [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
        ]
        if activation is not None:
            layers.append(activation())
        super().__init__(*layers)


class Bottleneck(nn.Module):
    """Block of ResNet-50 (He et al. 2016): 1x1, 3x3, 1x1 to four times as many channels."""

    def __init__(self, inputs: int, inner: int, *, stride: int = 1) -> None:
        super().__init__()
        outputs = 4 * inner
        self.residual = nn.Sequential(
            ConvNorm(inputs, inner),
            ConvNorm(inner, inner, 3, stride=stride),
            ConvNorm(inner, outputs, activation=None),
        )
        self.shortcut: nn.Module = (
            nn.Identity()
            if inputs == outputs and stride == 1
            else ConvNorm(inputs, outputs, stride=stride, activation=None)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return shortcut plus residual, rectified."""
        return functional.relu(self.shortcut(features) + self.residual(features))


@torch.no_grad()
def settle_norms(network: nn.Module, height: int, width: int) -> None:
    """Give each batch normalisation the statistics of one random picture, in place.

    Without this the values of a deep untrained network dwindle from layer to layer, until they
    are so small that processors take longer over them.
    """
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    kept = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 1.0
    network.train()
    network(torch.randn(1, 3, height, width))
    network.eval()
    for norm, momentum in zip(norms, kept, strict=True):
        norm.momentum = momentum


def fuse_norms(network: nn.Module) -> None:
    """Fuse each batch normalisation into the convolution before it, in place."""
    for module in network.modules():
        if not isinstance(module, nn.Sequential) or len(module) < 2:
            continue
        convolution, norm = module[0], module[1]
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            module[0] = fuse_conv_bn_eval(convolution, norm)
            module[1] = nn.Identity()
        elif isinstance(convolution, nn.ConvTranspose2d) and isinstance(norm, nn.BatchNorm2d):
            module[0] = fuse_conv_bn_eval(convolution, norm, transpose=True)
            module[1] = nn.Identity()


@torch.inference_mode()
def multiply_adds(network: nn.Module, height: int, width: int) -> float:
    """Count the multiply-adds of convolutions and linear layers, in 1e9, for one picture."""
    total = 0

    def count(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        # Each value of the output (of the input, where convolution is transposed) meets the
        # weights of one channel.
        values = inputs[0] if isinstance(module, nn.ConvTranspose2d) else output
        assert isinstance(module, WEIGHTED)
        total += values.numel() * module.weight[0].numel()

    hooks = [
        module.register_forward_hook(count)
        for module in network.modules()
        if isinstance(module, WEIGHTED)
    ]
    network(torch.zeros(1, 3, height, width))
    for hook in hooks:
        hook.remove()
    return total / 1e9
