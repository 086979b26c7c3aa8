"""What the machine can do at most: large convolutions, matrix products, copies of memory.

Each probe is a function without arguments and the work it does, so that it can be timed among the
networks, under the same load.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from _runners import cuda_graph_run, openvino_model, openvino_run
from gaitpose.pose.openvino_core import computes_in_bf16
from gaitpose.pose.runtime import Precision

CONVOLUTIONS, CHANNELS, SIDE = 4, 256, 64
MATRIX = 1536
COPIED_BYTES = 256 * 2**20
GPU_CONVOLUTIONS, GPU_SIDE = 16, 128


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


def _convolution_work(repeats: int, side: int) -> float:
    return repeats * 9 * CHANNELS**2 * side**2 / 1e9


def cpu_probes(threads: int) -> dict[str, Probe]:
    """Return the probes of the processor and its memory."""
    return _convolution_probes(threads) | _product_probes() | _copy_probe()


def _convolution_probes(threads: int) -> dict[str, Probe]:
    pixels = np.random.default_rng(0).integers(0, 256, (1, SIDE, SIDE, 3), np.uint8)
    network = Convolutions(CONVOLUTIONS).eval()
    model = openvino_model(network, pixels)
    work = _convolution_work(CONVOLUTIONS, SIDE)
    precisions: tuple[Precision, ...] = ("f32", "bf16") if computes_in_bf16() else ("f32",)
    runs = {each: openvino_run(model, pixels, each, threads) for each in precisions}
    integers = openvino_model(network, pixels, integers=True)
    runs["int8"] = openvino_run(integers, pixels, "auto", threads)
    return {
        f"3x3 convolutions, openvino {precision}": Probe(run, work, precision)
        for precision, run in runs.items()
    }


def _product_probes() -> dict[str, Probe]:
    probes = {}
    for precision, dtype in (("f32", torch.float32), ("bf16", torch.bfloat16)):
        left, right = torch.randn(2, MATRIX, MATRIX).to(dtype)
        run = functools.partial(torch.mm, left, right, out=torch.empty_like(left))
        probes[f"matrix product, torch {precision}"] = Probe(run, MATRIX**3 / 1e9, precision)
    return probes


def _copy_probe() -> dict[str, Probe]:
    source = torch.ones(COPIED_BYTES // 4)
    target = torch.zeros_like(source)
    return {"memory copy, torch": Probe(lambda: target.copy_(source), 2 * COPIED_BYTES / 1e9, "")}


def gpu_probes() -> dict[str, Probe]:
    """Return the probe of a CUDA device."""
    pixels = np.zeros((1, GPU_SIDE, GPU_SIDE, 3), np.uint8)
    run = cuda_graph_run(Convolutions(GPU_CONVOLUTIONS).eval(), pixels)
    work = _convolution_work(GPU_CONVOLUTIONS, GPU_SIDE)
    return {"3x3 convolutions, CUDA graph f16": Probe(run, work, "f16")}
