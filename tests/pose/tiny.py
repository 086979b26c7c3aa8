"""A network so small that tests can run it, with sharp, random maps."""

from __future__ import annotations

import torch

from gaitpose.pose.config import NetworkConfig
from gaitpose.pose.network import PoseNetwork

TINY = NetworkConfig(
    stem=8, widths=(16, 16, 32), depths=(1, 1, 1), group_width=8, neck=16, heatmap="distribution"
)


def tiny_network(seed: int = 0) -> PoseNetwork:
    """Make one, in evaluation mode."""
    torch.manual_seed(seed)
    network = PoseNetwork(TINY)
    torch.nn.init.normal_(network.joints.weight, std=1.0)
    return network.eval()
