import pytest
import torch

from gaitpose.pose.config import NetworkConfig
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.quantization import input_ranges
from gaitpose.training.complexity import measure_latency, multiply_adds

TINY = NetworkConfig(stem=8, widths=(16, 16, 32), depths=(1, 1, 1), group_width=8, neck=16)


def test_multiply_adds_grow_with_the_picture_and_count_the_stem_by_hand():
    torch.manual_seed(0)
    network = PoseNetwork(TINY).eval()
    small, large = multiply_adds(network, 64), multiply_adds(network, 128)
    # Squeeze-excitation works on one value a channel, whatever the size.
    assert large == pytest.approx(4 * small, rel=0.01)
    stem = 32 * 32 * 12 * 8 * 9 / 1e9
    assert stem < small < 20 * stem


def test_every_runtime_is_timed():
    network = PoseNetwork(TINY).eval()
    table = measure_latency(network, 64, {}, rounds=2)
    assert table["batch"].tolist()[:3] == [1, 1, 32]
    assert (table["ms_per_image"] > 0).all()
    assert table["input_px"].eq(64).all()


def test_integers_are_timed_where_there_are_ranges():
    network = PoseNetwork(TINY).eval()
    ranges = input_ranges(network.for_inference(), [torch.zeros(1, 3, 64, 64)])
    names = measure_latency(network, 64, ranges, rounds=1)["runtime"]
    assert [name for name in names if "integers" in name]
