"""Latency of GaitPoseNet and of its peers on a GPU, against what it can do at most.

    python benchmarks/gaitposenet_speed_gpu.py [--seconds 30]

As `gaitposenet_speed.py`, but each network is recorded once as a CUDA graph in half precision, as
the package runs it; copies of the pictures to the device and of the maps back are included. It
needs PyTorch and a CUDA device, nothing else that is not Python's.
"""

from __future__ import annotations

import argparse
import os

import numpy as np
import torch
from torch import nn

from _contenders import (
    INPUTS,
    Contender,
    Convolutions,
    Entry,
    FromPictures,
    Probe,
    Run,
    convolution_work,
    network_entry,
    ours,
    peer,
    probe_entry,
    rows_of,
    take_turns,
)
from _record import write_csv
from gaitpose.pose.network import as_channels_last
from gaitpose.pose.torch_runtime import CudaGraph
from peers import PEERS

BATCHES = (1, 32)
CONVOLUTIONS, SIDE = 16, 128
SAME = 0.999
"""Correlation of what is replayed with what the network gives when it is not recorded."""


def recorded(network: nn.Module, pixels: np.ndarray) -> Run:
    """Record the network; asserts that it then gives what it gave before."""
    graph = as_channels_last(FromPictures(network, torch.float16).eval()).cuda()
    with torch.inference_mode():
        expected = graph(torch.from_numpy(pixels).cuda()).cpu().numpy()
    replayed = CudaGraph(graph, pixels.shape)
    likeness = np.corrcoef(expected.ravel().astype(float), replayed.run(pixels).ravel())[0, 1]
    assert likeness > SAME, f"the recorded network gives other maps ({likeness:.3f})"
    return lambda: replayed.run(pixels)


def probe() -> Entry:
    pixels = np.random.default_rng(0).integers(0, 256, (1, SIDE, SIDE, 3), np.uint8)
    run = recorded(Convolutions(CONVOLUTIONS).eval(), pixels)
    work = convolution_work(CONVOLUTIONS, SIDE)
    return probe_entry("3x3 convolutions, CUDA graph f16", Probe(run, work, "f16"))


def entries_of(contender: Contender, device: str) -> list[Entry]:
    name = f"CUDA graph f16, {device}"
    return [
        network_entry(
            contender, batch, name, "f16", recorded(contender.network, contender.pixels(batch))
        )
        for batch in BATCHES
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    if not torch.cuda.is_available():
        print("there is no CUDA device: nothing was timed")
        return
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    contenders = [ours(name, size) for name in INPUTS for size in INPUTS[name]]
    contenders += [peer(name) for name in PEERS]
    device = torch.cuda.get_device_name()
    entries = [probe()]
    for contender in contenders:
        entries += entries_of(contender, device)
    take_turns(entries, options.seconds)
    write_csv("gaitposenet_speed_gpu", rows_of(entries, torch.get_num_threads(), load))


if __name__ == "__main__":
    main()
