"""Latency of GaitPoseNet, batch 1, by size and runtime; runs are interleaved.

    python benchmarks/gaitposenet_speed.py [--threads 2] [--rounds 60] [--networks lite full]

Figures are only worth something on a quiet machine: the load average before the run is recorded.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

import numpy as np
import torch

from _record import write_csv
from gaitpose.pose.config import SIZES
from gaitpose.pose.network import PoseNetwork, count_parameters
from gaitpose.pose.runtime import OpenVinoRuntime
from gaitpose.pose.torch_runtime import TorchRuntime, to_openvino

INPUTS = (128, 256, 512)


def multiply_adds(network: PoseNetwork, size: int) -> float:
    """Count the multiply-adds of all convolutions, in 1e9, for one square."""
    total = 0

    def count(module: torch.nn.Module, _inputs: object, output: torch.Tensor) -> None:
        nonlocal total
        assert isinstance(module, torch.nn.Conv2d)
        total += output.numel() * module.weight[0].numel()

    inference = network.for_inference()
    convolutions = [each for each in inference.modules() if isinstance(each, torch.nn.Conv2d)]
    for each in convolutions:
        each.register_forward_hook(count)
    inference(torch.zeros(1, 3, size, size))
    return total / 1e9


def runners(network: PoseNetwork, size: int, threads: int) -> dict[str, Callable[..., object]]:
    model = to_openvino(network, size)
    return {
        "torch f32": TorchRuntime(network).run,
        "openvino f32": OpenVinoRuntime(model, precision="f32", threads=threads).run,
        "openvino auto": OpenVinoRuntime(model, threads=threads).run,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--networks", nargs="+", choices=list(SIZES), default=list(SIZES))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    rows = []
    for name in options.networks:
        network = PoseNetwork(SIZES[name]).eval()
        for size in INPUTS:
            square = np.zeros((size, size, 3), np.uint8)
            ways = runners(network, size, options.threads)
            times: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(options.rounds):
                for way, run in ways.items():
                    start = time.perf_counter()
                    run(square)
                    times[way].append(1e3 * (time.perf_counter() - start))
            for way, measured in times.items():
                rows.append(
                    {
                        "network": name,
                        "parameters": count_parameters(network),
                        "input_px": size,
                        "giga_multiply_adds": round(multiply_adds(network, size), 3),
                        "runtime": way,
                        "threads": options.threads,
                        "median_ms": round(float(np.median(measured[5:])), 2),
                        "fastest_tenth_ms": round(float(np.quantile(measured[5:], 0.1)), 2),
                        "load_average_before": round(load, 2),
                    }
                )
    write_csv("gaitposenet_speed", rows)


if __name__ == "__main__":
    main()
