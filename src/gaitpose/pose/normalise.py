"""Pixels to the network's input: the same in training and behind every runtime."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gaitpose.pose.codec import MEAN_RGB, SCALE_RGB


class Normalise(nn.Module):
    """uint8 squares ``(B, S, S, 3)`` RGB to the network's input ``(B, 3, S, S)``, about -1..1.

    A module, since the mean then lies on the device: made anew for each batch, it would have to be
    sent there, and a GPU's work could not be planned ahead.
    """

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN_RGB).view(1, 3, 1, 1), persistent=False)

    def forward(self, rgb: Tensor) -> Tensor:
        """Return the network's input."""
        return (rgb.permute(0, 3, 1, 2).float() - self.mean) / SCALE_RGB
