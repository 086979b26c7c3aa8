"""Latency of GaitPoseNet and of its peers by runtime, against what the machine can do at most.

    python benchmarks/gaitposenet_speed.py [--threads 2] [--seconds 100] [--batches 1]
        [--networks lite full] [--no-peers]

Weights are random: they do not decide the time. All networks and the probes of the machine take
turns until the seconds are spent, so that each meets the same neighbours on the machine; a turn
starts with a call that does not count, for caches and for threads of the library before that still
spin. A share of the limit is multiply-adds per second over those of the fastest probe of the same
precision. A second table tells kinds of layers apart. Figures are only worth something on a quiet
machine: the load average is recorded.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from _layers import layer_times
from _limits import Probe, cpu_probes, gpu_probes
from _record import write_csv
from _runners import (
    Run,
    cuda_graph_run,
    onnx_run,
    openvino_model,
    openvino_run,
    torch_run,
)
from gaitpose.pose.config import SIZES
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.openvino_core import computes_in_bf16
from peers import PEERS, build_checked
from peers.layers import fuse_norms, multiply_adds, settle_norms

INPUTS = {"lite": (128, 192, 256, 512), "full": (224, 256, 512)}
LAYERS_OF = {"lite": 256, "full": 512}
"""Networks and sizes whose time is told apart by kind of layer."""

GPU_BATCHES = (1, 32)
GPU_SECONDS = 30.0
TURN_SECONDS = 0.03
LEAST_ROUNDS = 3
SAME = {"f32": 0.999, "bf16": 0.9, "int8": 0.8}
"""Correlation from which two runtimes' maps count as the same. Random networks, never trained to
forgive it, carry the rounding of bf16 and of integers on from layer to layer."""


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
    network = PoseNetwork(SIZES[name])
    settle_norms(network, size, size)
    inference = network.for_inference()
    parameters = sum(each.numel() for each in inference.parameters())
    work = multiply_adds(inference, size, size)
    return Contender(f"GaitPoseNet {name}", inference, size, size, parameters, work)


def peer(name: str) -> Contender:
    network, shape = build_checked(name), PEERS[name]
    parameters = sum(each.numel() for each in network.parameters())
    work = multiply_adds(network, shape.height, shape.width)
    settle_norms(network, shape.height, shape.width)
    fuse_norms(network)
    return Contender(name, network, shape.height, shape.width, parameters, work)


def cpu_runs(contender: Contender, batch: int, threads: int) -> dict[str, tuple[str, Run]]:
    """Precision and function by runtime; asserts that all of them find the same."""
    network, pixels = contender.network, contender.pixels(batch)
    model = openvino_model(network, pixels)
    runs: dict[str, tuple[str, Run]] = {
        "torch f32": ("f32", torch_run(network, pixels)),
        "onnx runtime f32": ("f32", onnx_run(network, pixels, threads)),
        "openvino f32": ("f32", openvino_run(model, pixels, "f32", threads)),
    }
    if computes_in_bf16():
        runs["openvino bf16"] = ("bf16", openvino_run(model, pixels, "bf16", threads))
    integers = openvino_model(network, pixels, integers=True)
    runs["openvino int8"] = ("int8", openvino_run(integers, pixels, "auto", threads))
    first = runs["torch f32"][1]().ravel()
    for runtime, (precision, run) in runs.items():
        likeness = np.corrcoef(first, run().ravel())[0, 1]
        assert likeness > SAME[precision], (
            f"{contender.name}: {runtime} gives other maps ({likeness:.3f})"
        )
    return runs


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


def cpu_entries(contenders: list[Contender], batches: list[int], threads: int) -> list[Entry]:
    entries = [probe_entry(name, probe) for name, probe in cpu_probes(threads).items()]
    for contender in contenders:
        for batch in batches:
            runs = cpu_runs(contender, batch, threads)
            for runtime, (precision, run) in runs.items():
                entries.append(network_entry(contender, batch, runtime, precision, run))
    return entries


def gpu_entries(contenders: list[Contender]) -> list[Entry]:
    entries = [probe_entry(name, probe) for name, probe in gpu_probes().items()]
    name = torch.cuda.get_device_name()
    for contender in contenders:
        for batch in GPU_BATCHES:
            run = cuda_graph_run(contender.network, contender.pixels(batch))
            entries.append(network_entry(contender, batch, f"CUDA graph f16, {name}", "f16", run))
    return entries


def layer_rows(contender: Contender, threads: int, load: float) -> list[dict[str, object]]:
    pixels = contender.pixels(1)
    model = openvino_model(contender.network, pixels, integers=True)
    kinds = layer_times(model, pixels, threads)
    total = sum(taken for _, taken in kinds.values())
    return [
        {
            "network": contender.name,
            "input_px": f"{contender.height}x{contender.width}",
            "runtime": "openvino int8",
            "threads": threads,
            "kind_of_layer": kind,
            "layers": layers,
            "shortest_ms": round(taken, 3),
            "share_of_time": round(taken / total, 3),
            "load_average_before": round(load, 2),
        }
        for kind, (layers, taken) in kinds.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=100.0)
    parser.add_argument("--batches", type=int, nargs="+", default=[1])
    parser.add_argument("--networks", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    contenders = [ours(name, size) for name in options.networks for size in INPUTS[name]]
    contenders += [peer(name) for name in PEERS if not options.no_peers]
    entries = cpu_entries(contenders, options.batches, options.threads)
    take_turns(entries, options.seconds)
    rows = rows_of(entries, options.threads, load)
    if torch.cuda.is_available():
        entries = gpu_entries(contenders)
        take_turns(entries, GPU_SECONDS)
        rows += rows_of(entries, options.threads, load)
    write_csv("gaitposenet_speed", rows)
    layers = [
        row
        for name in options.networks
        for row in layer_rows(ours(name, LAYERS_OF[name]), options.threads, load)
    ]
    write_csv("gaitposenet_speed_layers", layers)


if __name__ == "__main__":
    main()
