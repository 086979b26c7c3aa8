"""The network in 8-bit integers: two thirds of the time on most CPUs, nearly the same joints.

The input and the weights of every convolution are rounded to steps that fit a byte. PyTorch only
plays that through; OpenVINO recognises it and computes in integers. Weights have a step a channel
(Krishnamoorthi 2018, arXiv:1806.08342); how large the inputs get is measured on pictures once and
kept in the weights' card (Jacob et al. 2018, arXiv:1712.05877).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from gaitpose.errors import UnreadableInput
from gaitpose.pose.blocks import SqueezeExcitation
from gaitpose.pose.config import InputRanges

_ModuleT = TypeVar("_ModuleT", bound=nn.Module)

INPUT_STEPS = 255

WEIGHT_STEPS = 63
"""Weights are -63 to 63 steps, not 127: two products of an input and a weight then always fit the
16 bits in which processors without VNNI add them."""


class RoundedConvolution(nn.Module):
    """A convolution whose input and weights are rounded to steps that fit a byte; shape is kept.

    Parameters
    ----------
    convolution : Conv2d
        Batch norm already fused in.
    low, high : float
        Range of its input; what lies outside is clipped.
    """

    weight_step: Tensor
    weight_zero: Tensor

    def __init__(self, convolution: nn.Conv2d, low: float, high: float) -> None:
        super().__init__()
        low, high = min(low, 0.0), max(high, 0.0)  # padding with zero has to stay zero
        self.convolution = convolution
        self.step = max(high - low, torch.finfo(torch.float32).tiny) / INPUT_STEPS
        self.zero = round(-low / self.step)
        largest = convolution.weight.detach().abs().amax((1, 2, 3)).clamp(min=1e-12)
        self.register_buffer("weight_step", largest / WEIGHT_STEPS)
        self.register_buffer("weight_zero", torch.zeros(len(largest), dtype=torch.int32))

    def forward(self, features: Tensor) -> Tensor:
        """Return what the convolution makes of the rounded input with its rounded weights."""
        own = self.convolution
        rounded = torch.fake_quantize_per_tensor_affine(
            features, self.step, self.zero, 0, INPUT_STEPS
        )
        weight = torch.fake_quantize_per_channel_affine(
            own.weight, self.weight_step, self.weight_zero, 0, -WEIGHT_STEPS, WEIGHT_STEPS
        )
        return nn.functional.conv2d(
            rounded, weight, own.bias, own.stride, own.padding, own.dilation, own.groups
        )


def quantized(network: _ModuleT, ranges: InputRanges) -> _ModuleT:
    """Return a copy that computes in 8-bit integers where it takes its time.

    Parameters
    ----------
    network : Module
        In single precision, its batch norms fused into the convolutions.
    ranges : mapping
        Of :func:`input_ranges`, for all its convolutions.

    Raises
    ------
    UnreadableInput
        If the ranges are not of this network.
    """
    network = copy.deepcopy(network)
    convolutions = dict(_convolutions(network))
    if convolutions.keys() != ranges.keys():
        raise UnreadableInput(
            "the ranges on the weights' card are of another network",
            where=min(convolutions.keys() ^ ranges.keys()),
            hint="Measure them with gaitpose quantize",
        )
    for name, convolution in convolutions.items():
        parent, _, own = name.rpartition(".")
        setattr(network.get_submodule(parent), own, RoundedConvolution(convolution, *ranges[name]))
    return network


@torch.inference_mode()
def input_ranges(network: nn.Module, batches: Iterable[Tensor]) -> InputRanges:
    """Measure what the convolutions get to see.

    Parameters
    ----------
    network : Module
        In single precision, its batch norms fused into the convolutions.
    batches : iterable of Tensor (B, 3, H, W)
        Pictures of :class:`gaitpose.pose.normalise.Normalise`, like those it is used on.

    Returns
    -------
    mapping
        Smallest and largest input by the convolution's name.
    """
    seen: dict[str, tuple[float, float]] = {}

    def watch(name: str, convolution: nn.Conv2d) -> torch.utils.hooks.RemovableHandle:
        def note(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            low, high = seen.get(name, (np.inf, -np.inf))
            seen[name] = min(low, float(inputs[0].amin())), max(high, float(inputs[0].amax()))

        return convolution.register_forward_pre_hook(note)

    handles = [watch(name, each) for name, each in _convolutions(network)]
    try:
        for batch in batches:
            network(batch)
    finally:
        for handle in handles:
            handle.remove()
    return seen


def _convolutions(network: nn.Module, prefix: str = "") -> Iterator[tuple[str, nn.Conv2d]]:
    """Yield those that see a map, by name; those of squeeze-and-excitation see its mean only."""
    for name, child in network.named_children():
        if isinstance(child, nn.Conv2d):
            yield prefix + name, child
        elif not isinstance(child, SqueezeExcitation):
            yield from _convolutions(child, f"{prefix}{name}.")
