"""PyTorch on a GPU gives what it gives on the processor."""

import gc

import numpy as np
import pytest
import torch

from gaitpose.pose.config import LITE
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.torch_runtime import (
    CudaGraph,
    FromPixels,
    TorchRuntime,
    fastest_algorithms,
)


def needs_cuda(test):
    absent = not torch.cuda.is_available()
    return pytest.mark.gpu(pytest.mark.skipif(absent, reason="needs a CUDA device")(test))


@pytest.fixture(scope="module")
def network() -> PoseNetwork:
    torch.manual_seed(0)
    return PoseNetwork(LITE).eval()


def square(size: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (size, size, 3), np.uint8)


@needs_cuda
@pytest.mark.parametrize("size", [96, 128])
def test_gpu_gives_the_maps_of_the_processor(network: PoseNetwork, size: int) -> None:
    processor, gpu = TorchRuntime(network), TorchRuntime(network, device="cuda")
    for seed in range(3):  # what was recorded for one picture is replayed for the next
        expected, found = processor.run(square(size, seed)), gpu.run(square(size, seed))
        assert found.shape == expected.shape == (24, size // 4, size // 4)
        assert found.dtype == expected.dtype == np.float32
        np.testing.assert_allclose(found, expected, atol=0.01 * np.abs(expected).max())


@needs_cuda
def test_squares_of_another_size_are_recorded_anew(network: PoseNetwork) -> None:
    gpu = TorchRuntime(network, device="cuda")
    first, other = gpu.run(square(96, 0)), gpu.run(square(128, 0))
    assert other.shape == (24, 32, 32)
    np.testing.assert_array_equal(gpu.run(square(96, 0)), first)


@needs_cuda
def test_a_recorded_network_keeps_its_weights(network: PoseNetwork) -> None:
    pixels = square(96, 0)[None]
    recorded = CudaGraph(FromPixels(network, half=True), pixels.shape)
    first = recorded.run(pixels).copy()
    gc.collect()
    rubbish = [torch.full((2**20,), float("nan"), device="cuda") for _ in range(64)]
    np.testing.assert_array_equal(recorded.run(pixels), first)
    assert len(rubbish) == 64


def test_the_fastest_algorithms_are_those_of_cudnn() -> None:
    with fastest_algorithms():
        assert torch.backends.cudnn.enabled
        assert torch.backends.cudnn.benchmark
