"""How one network is run by each library: functions without arguments that can be timed.

All of them take the same uint8 pictures ``(B, H, W, 3)``, normalise them within the graph, and
leave the result in the host's memory.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Callable

import numpy as np
import onnxruntime
import openvino
import torch
from torch import Tensor, nn

from gaitpose.pose.codec import MEAN_RGB, SCALE_RGB
from gaitpose.pose.labels import normalise
from gaitpose.pose.network import as_channels_last
from gaitpose.pose.quantization import input_ranges, quantized
from gaitpose.pose.runtime import OpenVinoRuntime, Precision

Run = Callable[[], np.ndarray]
WARM_UPS = 3


class FromPictures(nn.Module):
    """A network with normalisation in front: what GaitPoseNet ships, and the same for its peers."""

    mean: Tensor

    def __init__(self, network: nn.Module, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).to(dtype)
        self.dtype = dtype
        self.register_buffer("mean", torch.tensor(MEAN_RGB).view(1, 3, 1, 1))

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the network's maps of uint8 pictures (B, H, W, 3)."""
        normalised = (pixels.permute(0, 3, 1, 2).float() - self.mean) / SCALE_RGB
        return self.network(normalised.to(self.dtype))


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
        ranges = input_ranges(network, [normalise(torch.from_numpy(pixels))])
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


def cuda_graph_run(network: nn.Module, pixels: np.ndarray) -> Run:
    """PyTorch in half precision, recorded once as a CUDA graph; copies to and fro included."""
    graph = as_channels_last(FromPictures(network, torch.float16)).cuda()
    host = torch.from_numpy(pixels).pin_memory()
    device = host.cuda()
    with torch.inference_mode():
        # Libraries choose their algorithms in the first calls; that cannot be recorded.
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UPS):
                graph(device)
        torch.cuda.current_stream().wait_stream(side)
        recorded = torch.cuda.CUDAGraph()
        with torch.cuda.graph(recorded):
            maps = graph(device)

    @torch.inference_mode()
    def run() -> np.ndarray:
        device.copy_(host, non_blocking=True)
        recorded.replay()
        return maps.cpu().numpy()  # waits for the device

    return run
