"""Pose networks of others, rebuilt from their publications to compare speed; weights are random.

Parameters and multiply-adds are checked against the published ones before anything is timed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from peers.hrnet import HRNet
from peers.layers import multiply_adds
from peers.rtmpose import RTMPose
from peers.simple_baseline import SimpleBaseline

TOLERANCE = 0.02


@dataclass(frozen=True)
class Peer:
    """A network and what its authors (or MMPose's tables) say of it.

    Parameters
    ----------
    build : callable
        Makes the network with random weights.
    height, width : int
        Of the input, px.
    mega_parameters, giga_multiply_adds : float
        As published.
    """

    build: Callable[[], nn.Module]
    height: int
    width: int
    mega_parameters: float
    giga_multiply_adds: float


PEERS: dict[str, Peer] = {
    "RTMPose-s": Peer(lambda: RTMPose(0.33, 0.5), 256, 192, 5.47, 0.68),
    "RTMPose-m": Peer(lambda: RTMPose(0.67, 0.75), 256, 192, 13.6, 1.92),
    "SimpleBaseline-R50": Peer(SimpleBaseline, 256, 192, 34.0, 5.43),
    "HRNet-w32": Peer(HRNet, 256, 192, 28.5, 7.64),
    "HRNet-w32 at 512": Peer(HRNet, 512, 512, 28.5, 40.8),
}


def build_checked(name: str) -> nn.Module:
    """Build a peer, in evaluation mode; assert that its size is the published one within 2 %."""
    peer = PEERS[name]
    network = peer.build().eval().requires_grad_(False)
    found = {
        "M parameters": (
            sum(each.numel() for each in network.parameters()) / 1e6,
            peer.mega_parameters,
        ),
        "G multiply-adds": (
            multiply_adds(network, peer.height, peer.width),
            peer.giga_multiply_adds,
        ),
    }
    for what, (here, published) in found.items():
        deviation = here / published - 1
        assert abs(deviation) <= TOLERANCE, f"{name}: {here:.3f} {what}, published {published}"
    return network
