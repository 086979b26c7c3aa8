"""What one step of training computes: pixels and joints to losses, in one piece."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gaitpose.pose.config import STRIDE
from gaitpose.pose.labels import encode, grey_depth
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.normalise import Normalise
from gaitpose.training.losses import compute_losses
from gaitpose.training.recipes import Recipe


def as_bits(numbers: Tensor | None) -> Tensor | None:
    """Return float32 numbers, if any, as the integers that their bits are.

    With mixed precision, Fabric rounds all floats that a module is given to half precision: a joint
    at pixel 200 would move by up to half a pixel. Integers it leaves alone.
    """
    return None if numbers is None else numbers.float().view(torch.int32)


class Objective(nn.Module):
    """A network with what it is trained for.

    In one piece, so that a compiler sees all of it, and so that nothing but the batch is sent to
    the device: a GPU that waits for a constant cannot be kept busy.

    Parameters
    ----------
    network : PoseNetwork
        Keeps its own names; nothing here is learnt beside it.
    recipe : Recipe
        Labels and losses.
    """

    def __init__(self, network: PoseNetwork, recipe: Recipe) -> None:
        super().__init__()
        self.network = network
        self.normalise = Normalise()
        self.recipe = recipe

    def forward(
        self,
        images: Tensor,
        joints: Tensor,
        state: Tensor,
        depth: Tensor | None = None,
        elder: Tensor | None = None,
    ) -> tuple[dict[str, Tensor], Tensor]:
        """Return the losses and the heatmap.

        Parameters
        ----------
        images : uint8 Tensor (B, S, S, 3)
            RGB.
        joints : int32 Tensor (B, 8, 2)
            Pixels of the view, :func:`as_bits`.
        state : int Tensor (B, 8)
            UNKNOWN, PRESENT or ABSENT of the codec.
        depth : int32 Tensor (B, 1, S, S), optional
            0..1, NaN where unknown, :func:`as_bits`.
        elder : Tensor (B, 8, S/4, S/4), optional
            Heatmap of a network that teaches this one.
        """
        recipe = self.recipe
        size = (images.shape[1] // STRIDE, images.shape[2] // STRIDE)
        labels = encode(joints.view(torch.float32), state, size, recipe.codec, recipe.network.jgs)
        pixels = self.normalise(images).contiguous(memory_format=torch.channels_last)
        maps = self.network(pixels)
        target = self._depth_label(images, depth) if recipe.network.depth_head else None
        losses = compute_losses(
            maps, labels, state, target, recipe.network.heatmap, recipe.loss, elder
        )
        return losses, maps.heatmap

    def _depth_label(self, images: Tensor, depth: Tensor | None) -> Tensor:
        grey = grey_depth(images)
        unknown = torch.full_like(grey, float("nan"))
        known = unknown if depth is None else depth.view(torch.float32)
        return torch.where(known.isnan(), grey, known) if self.recipe.loss.grey_stands_in else known
