"""Latency of GaitPoseNet and of its peers by runtime on a CPU, against what it can do at most.

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

import numpy as np
import torch

from _contenders import (
    INPUTS,
    Contender,
    Entry,
    Run,
    network_entry,
    ours,
    peer,
    probe_entry,
    rows_of,
    take_turns,
)
from _layers import layer_times
from _limits import cpu_probes
from _record import write_csv
from _runners import onnx_run, openvino_model, openvino_run, torch_run
from gaitpose.pose.config import SIZES
from gaitpose.pose.openvino_core import computes_in_bf16
from peers import PEERS

LAYERS_OF = {"lite": 256, "full": 512}
"""Networks and sizes whose time is told apart by kind of layer."""

SAME = {"f32": 0.999, "bf16": 0.9, "int8": 0.8}
"""Correlation from which two runtimes' maps count as the same. Random networks, never trained to
forgive it, carry the rounding of bf16 and of integers on from layer to layer."""


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


def cpu_entries(contenders: list[Contender], batches: list[int], threads: int) -> list[Entry]:
    entries = [probe_entry(name, probe) for name, probe in cpu_probes(threads).items()]
    for contender in contenders:
        for batch in batches:
            runs = cpu_runs(contender, batch, threads)
            for runtime, (precision, run) in runs.items():
                entries.append(network_entry(contender, batch, runtime, precision, run))
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
    torch.set_num_threads(options.threads)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    contenders = [ours(name, size) for name in options.networks for size in INPUTS[name]]
    contenders += [peer(name) for name in PEERS if not options.no_peers]
    entries = cpu_entries(contenders, options.batches, options.threads)
    take_turns(entries, options.seconds)
    rows = rows_of(entries, options.threads, load)
    write_csv("gaitposenet_speed", rows)
    layers = [
        row
        for name in options.networks
        for row in layer_rows(ours(name, LAYERS_OF[name]), options.threads, load)
    ]
    write_csv("gaitposenet_speed_layers", layers)


if __name__ == "__main__":
    main()
