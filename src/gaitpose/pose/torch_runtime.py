"""Runs the network with PyTorch, and converts it for OpenVINO."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from gaitpose.pose.codec import MEAN_RGB, SCALE_RGB
from gaitpose.pose.config import InputRanges
from gaitpose.pose.network import PoseNetwork, as_channels_last
from gaitpose.pose.quantization import quantized

if TYPE_CHECKING:
    import openvino


class FromPixels(nn.Module):
    """The inference network with normalisation in front.

    uint8 ``(B, S, S, 3)`` RGB to ``(B, 24, S/4, S/4)``: the graph that every runtime runs. With
    `ranges` it is rounded to 8-bit integers (:mod:`gaitpose.pose.quantization`).
    """

    mean: Tensor

    def __init__(self, network: PoseNetwork, ranges: InputRanges | None = None) -> None:
        super().__init__()
        inference = network.for_inference()
        self.network = quantized(inference, ranges) if ranges else inference
        self.register_buffer("mean", torch.tensor(MEAN_RGB).view(1, 3, 1, 1))

    def forward(self, pixels: Tensor) -> Tensor:
        """Return heatmap and offset channels of squares."""
        return self.network((pixels.permute(0, 3, 1, 2).float() - self.mean) / SCALE_RGB)


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
        self.device = torch.device(device)
        self.half = self.device.type == "cuda"
        self.graph = as_channels_last(FromPixels(network)).to(self.device)
        self.name = f"torch {torch.__version__} on {device}, {'f16' if self.half else 'f32'}"
        self.why = why

    @torch.inference_mode()
    def run(self, square: np.ndarray) -> np.ndarray:
        """Return the maps (24, S/4, S/4) of one square (S, S, 3) uint8 RGB."""
        pixels = torch.from_numpy(np.ascontiguousarray(square))[None].to(self.device)
        with torch.autocast(self.device.type, torch.float16, enabled=self.half):
            maps = self.graph(pixels)
        return maps[0].float().cpu().numpy()


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
