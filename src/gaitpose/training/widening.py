"""Begins a wide network with the weights of a narrow one, so that nothing learnt is lost.

Net2WiderNet (Chen, Goodfellow and Shlens, ICLR 2016, arXiv:1511.05641): channel `i` of the wide
network copies channel ``i % n`` of the narrow one's `n`, and whoever reads the copies divides its
weight among them. The wide network then computes what the narrow one does. The division is uneven,
by chance: with even parts the copies would get the same gradient and stay copies for ever.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from gaitpose.errors import BadSettings

UNEVENNESS = 0.5
"""Parts of a divided weight are drawn from 1 -+ this, then scaled to sum to one."""


def widen(
    narrow: Mapping[str, Tensor], wide: Mapping[str, Tensor], *, where: str, seed: int = 0
) -> dict[str, Tensor]:
    """Return the narrow network's weights in the wide network's shapes.

    Parameters
    ----------
    narrow : mapping of str to Tensor
        State of a :class:`~gaitpose.pose.network.PoseNetwork`.
    wide : mapping of str to Tensor
        State of a network of the same depths and group width; only its names and shapes are read.
        Heads that `narrow` lacks are left out of the result. Bottlenecks of `narrow` must be whole
        groups, or divide one: the shapes do not tell, and otherwise the result differs.
    where : str
        File of the narrow weights, for the error.
    seed : int
        Of the uneven parts.

    Raises
    ------
    BadSettings
        If a layer of the wide network is narrower or of another kind.
    """
    generator = torch.Generator().manual_seed(seed)
    widened = {}
    for name, value in narrow.items():
        if name not in wide:
            continue
        shape = wide[name].shape
        if not _fits(value.shape, shape):
            raise BadSettings(
                f"cannot begin with these weights: {name} is {tuple(value.shape)} there "
                f"and {tuple(shape)} here",
                where=where,
            )
        widened[name] = _widened(value, shape, generator)
    return widened


def _fits(narrow: torch.Size, wide: torch.Size) -> bool:
    """Whether channels only grow and kernels stay."""
    same_kind = len(narrow) == len(wide) and narrow[2:] == wide[2:]
    return same_kind and all(old <= new for old, new in zip(narrow[:2], wide[:2], strict=True))


def _widened(value: Tensor, shape: torch.Size, generator: torch.Generator) -> Tensor:
    if value.shape == shape:
        return value
    outputs = torch.arange(shape[0]) % value.shape[0]
    if value.ndim == 1:
        return value[outputs]
    inputs = torch.arange(shape[1]) % value.shape[1]
    return value[outputs][:, inputs] * _parts(inputs, shape[0], generator)[:, :, None, None]


def _parts(inputs: Tensor, outputs: int, generator: torch.Generator) -> Tensor:
    """Parts (outputs, inputs) of the copies of each input; those of one input sum to one."""
    drawn = 1 + UNEVENNESS * (2 * torch.rand((outputs, len(inputs)), generator=generator) - 1)
    sums = torch.zeros((outputs, int(inputs.max()) + 1)).index_add_(1, inputs, drawn)
    return drawn / sums[:, inputs]
