"""Where a network's time goes within OpenVINO: milliseconds by kind of layer."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import openvino

from gaitpose.pose.openvino_core import best_float, openvino_core

RUNS = 20
EXECUTED = openvino.ProfilingInfo.Status.EXECUTED


def layer_times(
    model: openvino.Model, pixels: np.ndarray, threads: int
) -> dict[str, tuple[int, float]]:
    """Return how many layers of a kind there are, and their time together.

    Each layer counts with the shortest of its times, which other processes disturb least.

    Returns
    -------
    dict
        Number of layers and ms by kind, the slowest first.
    """
    options = {
        "INFERENCE_PRECISION_HINT": best_float(),
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": str(threads),
        "PERF_COUNT": "YES",
    }
    request = openvino_core().compile_model(model, "CPU", options).create_infer_request()
    shortest: dict[tuple[str, str], float] = {}
    for _ in range(RUNS):
        request.infer([pixels])
        for layer in request.profiling_info:
            if layer.status == EXECUTED:
                key = _kind(layer), layer.node_name
                taken = 1e3 * layer.real_time.total_seconds()
                shortest[key] = min(taken, shortest.get(key, taken))
    kinds: dict[str, list[float]] = defaultdict(list)
    for (kind, _), taken in shortest.items():
        kinds[kind].append(taken)
    slowest_first = sorted(kinds.items(), key=lambda item: -sum(item[1]))
    return {kind: (len(times), sum(times)) for kind, times in slowest_first}


def _kind(layer: openvino.ProfilingInfo) -> str:
    return f"{layer.node_type} 1x1" if "_1x1_" in layer.exec_type else layer.node_type
