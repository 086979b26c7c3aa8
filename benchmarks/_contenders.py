"""What is timed, in turns: networks and probes of the machine; needs no more than PyTorch."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from gaitpose.pose.config import SIZES
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.normalise import Normalise
from peers import PEERS, build_checked
from peers.layers import fuse_norms, multiply_adds, settle_norms

Run = Callable[[], np.ndarray]
CHANNELS = 256
"""Of the convolutions that probe a machine."""

INPUTS = {"lite": (128, 192, 256, 512), "full": (224, 256, 512)}

TURN_SECONDS = 0.03
LEAST_ROUNDS = 3


class FromPictures(nn.Module):
    """A network with normalisation in front: what GaitPoseNet ships, and the same for its peers."""

    def __init__(self, network: nn.Module, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).to(dtype)
        self.dtype = dtype
        self.normalise = Normalise()

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the network's maps of uint8 pictures (B, H, W, 3)."""
        return self.network(self.normalise(pixels).to(self.dtype))


@dataclass(frozen=True)
class Probe:
    """One measure of the machine.

    Parameters
    ----------
    run : callable
        Does the work once.
    work : float
        Multiply-adds, or bytes read and written, in 1e9.
    precision : str
        What the networks it is a limit for compute in; empty for memory.
    """

    run: Callable[[], object]
    work: float
    precision: str


class Convolutions(nn.Module):
    """A picture spread over many channels, then 3x3 convolutions, each rectified."""

    def __init__(self, repeats: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, CHANNELS, 1)]
        for _ in range(repeats):
            layers += [nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1), nn.ReLU()]
        # One channel is read back, so that the copy does not count.
        layers.append(nn.Conv2d(CHANNELS, 1, 1))
        self.layers = nn.Sequential(*layers)
        for layer in self.layers:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Return (B, 1, H, W)."""
        return self.layers(image)


def convolution_work(repeats: int, side: int) -> float:
    """Return the multiply-adds of :class:`Convolutions` on side x side cells, in 1e9."""
    return repeats * 9 * CHANNELS**2 * side**2 / 1e9


@dataclass(frozen=True)
class Contender:
    """A network, ready to be timed at one size of picture."""

    name: str
    network: nn.Module
    height: int
    width: int
    parameters: int
    giga_multiply_adds: float

    def pixels(self, batch: int) -> np.ndarray:
        """Return random pictures."""
        shape = (batch, self.height, self.width, 3)
        return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


@dataclass(frozen=True)
class Entry:
    """Something that takes its turn, and the times it took so far, ms."""

    run: Callable[[], object]
    description: dict[str, object]
    work: float
    precision: str
    milliseconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Median time, ms."""
        return float(np.median(self.milliseconds))

    @property
    def rate(self) -> float:
        """Operations (two a multiply-add) or bytes per second, in 1e9."""
        operations = 2 * self.work if self.precision else self.work
        return 1e3 * operations / self.median


def ours(name: str, size: int) -> Contender:
    torch.manual_seed(0)  # weights that do not depend on what else is timed
    network = PoseNetwork(SIZES[name])
    settle_norms(network, size, size)
    inference = network.for_inference()
    parameters = sum(each.numel() for each in inference.parameters())
    work = multiply_adds(inference, size, size)
    return Contender(f"GaitPoseNet {name}", inference, size, size, parameters, work)


def peer(name: str) -> Contender:
    torch.manual_seed(0)
    network, shape = build_checked(name), PEERS[name]
    parameters = sum(each.numel() for each in network.parameters())
    work = multiply_adds(network, shape.height, shape.width)
    settle_norms(network, shape.height, shape.width)
    fuse_norms(network)
    return Contender(name, network, shape.height, shape.width, parameters, work)


def network_entry(
    contender: Contender, batch: int, runtime: str, precision: str, run: Run
) -> Entry:
    description = {
        "network": contender.name,
        "input_px": f"{contender.height}x{contender.width}",
        "parameters": contender.parameters,
        "giga_multiply_adds": round(contender.giga_multiply_adds, 3),
        "runtime": runtime,
        "batch": batch,
    }
    return Entry(run, description, batch * contender.giga_multiply_adds, precision)


def probe_entry(name: str, probe: Probe) -> Entry:
    what, runtime = name.split(", ")
    description = {
        "network": f"limit: {what}",
        "input_px": "",
        "parameters": "",
        "giga_multiply_adds": round(probe.work, 3) if probe.precision else "",
        "runtime": runtime,
        "batch": 1,
    }
    return Entry(probe.run, description, probe.work, probe.precision)


def take_turns(entries: Iterable[Entry], seconds: float) -> None:
    """Time all entries again and again."""
    entries = list(entries)
    end = time.perf_counter() + seconds
    rounds = 0
    while rounds < LEAST_ROUNDS or time.perf_counter() < end:
        for entry in entries:
            entry.run()
            left = TURN_SECONDS
            while left > 0:
                start = time.perf_counter()
                entry.run()
                taken = time.perf_counter() - start
                entry.milliseconds.append(1e3 * taken)
                left -= taken
        rounds += 1


def rows_of(entries: list[Entry], threads: int, load: float) -> list[dict[str, object]]:
    limits: dict[str, float] = {}
    for entry in entries:
        if not entry.description["parameters"]:
            limits[entry.precision] = max(limits.get(entry.precision, 0.0), entry.rate)
    return [
        {
            **entry.description,
            "threads": threads,
            "median_ms": round(entry.median, 2),
            "fastest_tenth_ms": round(float(np.quantile(entry.milliseconds, 0.1)), 2),
            "runs": len(entry.milliseconds),
            "giga_operations_or_bytes_per_s": round(entry.rate, 1),
            "share_of_limit": round(entry.rate / limits[entry.precision], 3),
            "load_average_before": round(load, 2),
        }
        for entry in entries
    ]
