"""What the processor can do at most: large convolutions, matrix products, copies of memory.

Each probe is a function without arguments and the work it does, so that it can be timed among the
networks, under the same load.
"""

from __future__ import annotations

import functools

import numpy as np
import torch

from _contenders import Convolutions, Probe, convolution_work
from _runners import openvino_model, openvino_run
from gaitpose.pose.openvino_core import computes_in_bf16
from gaitpose.pose.runtime import Precision

CONVOLUTIONS, SIDE = 4, 64
MATRIX = 1536
COPIED_BYTES = 256 * 2**20


def cpu_probes(threads: int) -> dict[str, Probe]:
    """Return the probes of the processor and its memory."""
    return _convolution_probes(threads) | _product_probes() | _copy_probe()


def _convolution_probes(threads: int) -> dict[str, Probe]:
    pixels = np.random.default_rng(0).integers(0, 256, (1, SIDE, SIDE, 3), np.uint8)
    network = Convolutions(CONVOLUTIONS).eval()
    model = openvino_model(network, pixels)
    work = convolution_work(CONVOLUTIONS, SIDE)
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
