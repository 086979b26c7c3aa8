"""How one network is run by each library: functions without arguments that can be timed.

All of them take the same uint8 pictures ``(B, H, W, 3)``, normalise them within the graph, and
leave the result in the host's memory.
"""

from __future__ import annotations

import io

import numpy as np
import onnxruntime
import openvino
import torch
from torch import nn

from _contenders import FromPictures, Run
from gaitpose.pose.network import as_channels_last
from gaitpose.pose.normalise import Normalise
from gaitpose.pose.quantization import input_ranges, quantized
from gaitpose.pose.runtime import OpenVinoRuntime, Precision


def torch_run(network: nn.Module, pixels: np.ndarray) -> Run:
    """PyTorch on the CPU in single precision."""
    graph = as_channels_last(FromPictures(network))

    @torch.inference_mode()
    def run() -> np.ndarray:
        return graph(torch.from_numpy(pixels)).numpy()

    return run


def onnx_run(network: nn.Module, pixels: np.ndarray, threads: int) -> Run:
    """ONNX Runtime on the CPU in single precision."""
    file = io.BytesIO()
    graph, example = FromPictures(network).eval(), (torch.from_numpy(pixels),)
    torch.onnx.export(graph, example, file, input_names=["pixels"], opset_version=17, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        file.getvalue(), options, providers=["CPUExecutionProvider"]
    )
    return lambda: session.run(None, {"pixels": pixels})[0]


def openvino_model(
    network: nn.Module, pixels: np.ndarray, *, integers: bool = False
) -> openvino.Model:
    """Convert for pictures of this number and size, in 8-bit integers if wished."""
    if integers:
        ranges = input_ranges(network, [Normalise()(torch.from_numpy(pixels))])
        network = quantized(network, ranges)
    graph = FromPictures(network).eval()
    with torch.inference_mode():
        model = openvino.convert_model(graph, example_input=torch.from_numpy(pixels))
    model.reshape(list(pixels.shape))
    return model


def openvino_run(
    model: openvino.Model, pixels: np.ndarray, precision: Precision, threads: int
) -> Run:
    """OpenVINO on the CPU as the package runs it."""
    runtime = OpenVinoRuntime(model, precision=precision, threads=threads)
    if len(pixels) == 1:
        return lambda: runtime.run(pixels[0])[None]
    return lambda: runtime.request.infer([pixels])[0]
