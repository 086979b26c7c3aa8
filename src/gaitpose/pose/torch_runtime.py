"""Runs the network with PyTorch, and converts it for OpenVINO."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from gaitpose.pose.config import InputRanges
from gaitpose.pose.network import PoseNetwork, as_channels_last
from gaitpose.pose.normalise import Normalise
from gaitpose.pose.quantization import quantized

if TYPE_CHECKING:
    import openvino

WARM_UPS = 3
"""Calls before a network is recorded, in which the library chooses its algorithms."""


class FromPixels(nn.Module):
    """The inference network with normalisation in front.

    uint8 ``(B, S, S, 3)`` RGB to ``(B, 24, S/4, S/4)``: the graph that every runtime runs. With
    `ranges` it is rounded to 8-bit integers (:mod:`gaitpose.pose.quantization`); with `half` the
    network computes in half precision.
    """

    def __init__(
        self, network: PoseNetwork, ranges: InputRanges | None = None, *, half: bool = False
    ) -> None:
        super().__init__()
        inference = network.for_inference()
        self.network = quantized(inference, ranges) if ranges else inference
        self.half_precision = half
        if half:
            self.network.half()
        self.normalise = Normalise()

    def forward(self, pixels: Tensor) -> Tensor:
        """Return heatmap and offset channels of squares."""
        normalised = self.normalise(pixels)
        return self.network(normalised.half() if self.half_precision else normalised)


def fastest_algorithms() -> AbstractContextManager[None]:
    """Let cuDNN time its algorithms and keep the fastest.

    That cuDNN is used at all has to be said: ``flags`` turns off whatever it is not told.
    """
    return torch.backends.cudnn.flags(enabled=True, benchmark=True)


class CudaGraph:
    """A network recorded once on a CUDA device and replayed for every picture.

    Its many small kernels are then started at once, not one after the other by Python.

    Parameters
    ----------
    network : nn.Module
        Takes uint8 pictures and gives one tensor, as :class:`FromPixels`; is moved to the device.
    shape : tuple of int
        (B, H, W, 3) of the pictures.
    """

    def __init__(self, network: nn.Module, shape: tuple[int, ...]) -> None:
        self.network = as_channels_last(network.eval()).cuda()  # replaying reads its weights
        self.pinned = torch.zeros(shape, dtype=torch.uint8).pin_memory()
        self.pixels = self.pinned.cuda()
        # Choosing algorithms cannot be recorded: it is done before.
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.inference_mode(), fastest_algorithms():
            with torch.cuda.stream(side):
                for _ in range(WARM_UPS):
                    self.network(self.pixels)
            torch.cuda.current_stream().wait_stream(side)
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.maps = self.network(self.pixels)

    @torch.inference_mode()
    def run(self, pixels: np.ndarray) -> np.ndarray:
        """Return the network's output of uint8 pictures (B, H, W, 3)."""
        self.pinned.copy_(torch.from_numpy(pixels))
        self.pixels.copy_(self.pinned, non_blocking=True)
        self.graph.replay()
        return self.maps.cpu().numpy()  # waits for the device


class TorchRuntime:
    """PyTorch, in single precision on a CPU and half precision on a GPU.

    Parameters
    ----------
    network : PoseNetwork
        In evaluation mode.
    device : str
        "cpu" or "cuda".
    why : str
        Reason to print.
    """

    def __init__(
        self, network: PoseNetwork, *, device: str = "cpu", why: str = "asked for"
    ) -> None:
        self.on_gpu = torch.device(device).type == "cuda"
        self.graph = as_channels_last(FromPixels(network, half=self.on_gpu))
        self.recorded: dict[tuple[int, ...], CudaGraph] = {}
        self.name = f"torch {torch.__version__} on {device}, {'f16' if self.on_gpu else 'f32'}"
        self.why = why

    @torch.inference_mode()
    def run(self, square: np.ndarray) -> np.ndarray:
        """Return the maps (24, S/4, S/4) of one square (S, S, 3) uint8 RGB."""
        pixels = np.ascontiguousarray(square)[None]
        if not self.on_gpu:
            return self.graph(torch.from_numpy(pixels))[0].float().numpy()
        if pixels.shape not in self.recorded:
            self.recorded[pixels.shape] = CudaGraph(self.graph, pixels.shape)
        return self.recorded[pixels.shape].run(pixels)[0].astype(np.float32)


def to_openvino(
    network: PoseNetwork, size: int, ranges: InputRanges | None = None
) -> openvino.Model:
    """Convert a network in evaluation mode for squares of `size` pixels, one at a time.

    With `ranges` OpenVINO computes the convolutions in 8-bit integers.
    """
    import openvino  # noqa: PLC0415  -- not needed on a GPU

    example = torch.zeros((1, size, size, 3), dtype=torch.uint8)
    with torch.inference_mode():
        model = openvino.convert_model(FromPixels(network, ranges).eval(), example_input=example)
    model.reshape([1, size, size, 3])
    return model
