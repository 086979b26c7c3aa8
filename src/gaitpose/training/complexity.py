"""How large a network is and how long it takes: parameters, multiply-adds, latency."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import torch

from gaitpose.pose.config import InputRanges
from gaitpose.pose.network import PoseNetwork, count_parameters
from gaitpose.pose.runtime import OpenVinoRuntime
from gaitpose.pose.torch_runtime import FromPixels, TorchRuntime, to_openvino

WARM_UP = 3
LARGE_BATCH = 32


def multiply_adds(network: PoseNetwork, size: int) -> float:
    """Count the multiply-adds of all convolutions of the inference network for one square, 1e9."""
    total = 0

    def count(module: torch.nn.Module, _inputs: object, output: torch.Tensor) -> None:
        nonlocal total
        assert isinstance(module, torch.nn.Conv2d)
        total += output.numel() * module.weight[0].numel()

    inference = network.for_inference()
    for each in inference.modules():
        if isinstance(each, torch.nn.Conv2d):
            each.register_forward_hook(count)
    inference(torch.zeros(1, 3, size, size))
    return total / 1e9


def measure_latency(
    network: PoseNetwork, size: int, ranges: InputRanges, rounds: int = 20
) -> pd.DataFrame:
    """Time the network in every runtime that is there, runs interleaved.

    Parameters
    ----------
    network : PoseNetwork
        In evaluation mode.
    size : int
        Side of the square, px.
    ranges : mapping
        Of the weights' card; empty if it is not to be timed in 8-bit integers.
    rounds : int
        Runs of each.

    Returns
    -------
    DataFrame
        runtime, batch, input_px, parameters, giga_multiply_adds and the median ``ms_per_image``.
    """
    square = np.random.default_rng(0).integers(0, 256, (size, size, 3), dtype=np.uint8)
    ways = _ways(network, square, ranges)
    times: dict[tuple[str, int], list[float]] = {key: [] for key in ways}
    for _ in range(WARM_UP + rounds):
        for key, run in ways.items():
            start = time.perf_counter()
            run()
            times[key].append(1e3 * (time.perf_counter() - start) / key[1])
    facts = {
        "input_px": size,
        "parameters": count_parameters(network),
        "giga_multiply_adds": round(multiply_adds(network, size), 3),
    }
    return pd.DataFrame(
        [
            {"runtime": name, "batch": batch, **facts,
             "ms_per_image": round(float(np.median(measured[WARM_UP:])), 2)}
            for (name, batch), measured in times.items()
        ]
    )  # fmt: skip


def _ways(
    network: PoseNetwork, square: np.ndarray, ranges: InputRanges
) -> dict[tuple[str, int], Callable[[], object]]:
    size = square.shape[0]
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    single: list[OpenVinoRuntime | TorchRuntime] = [OpenVinoRuntime(to_openvino(network, size))]
    if ranges:
        single.append(OpenVinoRuntime(to_openvino(network, size, ranges)))
    single += [TorchRuntime(network, device=device) for device in devices]
    ways: dict[tuple[str, int], Callable[[], object]] = {
        (runtime.name, 1): _run_once(runtime, square) for runtime in single
    }
    for device in devices:
        ways[f"torch {torch.__version__} on {device}, f32", LARGE_BATCH] = _run_batch(
            network, square, device
        )
    return ways


def _run_once(runtime: OpenVinoRuntime | TorchRuntime, square: np.ndarray) -> Callable[[], object]:
    return lambda: runtime.run(square)


def _run_batch(network: PoseNetwork, square: np.ndarray, device: str) -> Callable[[], object]:
    graph = FromPixels(network).to(device)
    batch = torch.from_numpy(np.stack([square] * LARGE_BATCH)).to(device)

    def run() -> object:
        with torch.inference_mode():
            return graph(batch).float().cpu()  # waits for a GPU

    return run
