"""8-bit integers: rounded as stated, computed as integers, and the same joints."""

from importlib import resources

import numpy as np
import openvino
import pytest
import torch
from torch import nn

from gaitpose.errors import UnreadableInput
from gaitpose.io.video import VideoReader
from gaitpose.pose.config import STRIDE
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.normalise import Normalise
from gaitpose.pose.openvino_core import computes_in_integers, openvino_core
from gaitpose.pose.people import MARGIN, person_box
from gaitpose.pose.quantization import (
    INPUT_STEPS,
    WEIGHT_STEPS,
    RoundedConvolution,
    input_ranges,
    quantized,
)
from gaitpose.pose.runtime import OpenVinoRuntime
from gaitpose.pose.torch_runtime import FromPixels, to_openvino
from gaitpose.pose.weights import shipped

from .tiny import tiny_network

needs_x86 = pytest.mark.skipif(not computes_in_integers(), reason="integers are used on x86 only")


@pytest.fixture(scope="module")
def network():
    return tiny_network()


@pytest.fixture(scope="module")
def square():
    return np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def ranges(network, square):
    return input_ranges(network.for_inference(), [Normalise()(torch.from_numpy(square)[None])])


def test_ranges_are_the_extremes_of_all_pictures():
    network = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.ReLU(), nn.Conv2d(1, 1, 1))
    network[0].weight.data.fill_(2.0)
    pictures = [torch.tensor([[[[-1.0, 0.5]]]]), torch.tensor([[[[3.0, 0.0]]]])]
    assert input_ranges(network, pictures) == {"0": (-1.0, 3.0), "2": (0.0, 6.0)}
    network(torch.tensor([[[[100.0]]]]))  # nobody watches any more
    assert input_ranges(network, pictures)["0"] == (-1.0, 3.0)


def test_squeeze_and_excitation_stays_as_it_is(network, ranges):
    assert "network.stages.0.0.residual.0.0" in ranges
    assert "network.joints" in ranges
    assert not any("squeeze" in name or "excite" in name for name in ranges)
    # Focus, three blocks of four convolutions, top, two laterals, two to smooth, heads
    assert len(ranges) == 1 + 3 * 4 + 1 + 2 + 2 + 1


def test_a_convolution_is_what_integers_give():
    torch.manual_seed(2)
    convolution = nn.Conv2d(3, 4, 3, padding=1)
    convolution.weight.data[1] *= 100  # a large channel must not make the others coarse
    picture = torch.rand(1, 3, 8, 8) * 6 - 2
    low, high = -1.5, 3.0
    step = (high - low) / INPUT_STEPS
    zero = round(-low / step)
    whole = (picture / step).round().add(zero).clamp(0, INPUT_STEPS) - zero
    weight_step = convolution.weight.abs().amax((1, 2, 3)) / WEIGHT_STEPS
    weights = (convolution.weight / weight_step[:, None, None, None]).round()
    assert weights.abs().amax((1, 2, 3)).tolist() == [WEIGHT_STEPS] * 4
    sums = nn.functional.conv2d(whole.double(), weights.double(), padding=1)
    expected = sums * step * weight_step[:, None, None] + convolution.bias[:, None, None]
    found = RoundedConvolution(convolution, low, high)(picture)
    assert torch.allclose(found.double(), expected, atol=1e-3)
    exact = convolution(picture.clamp(low, high))
    assert 1e-4 < (found - exact)[:, 0].abs().max() < 0.1


def test_two_products_fit_sixteen_bits():
    assert 2 * INPUT_STEPS * WEIGHT_STEPS < 2**15


@pytest.mark.parametrize("seen", [(1.0, 3.0), (-3.0, -1.0)])
def test_nothing_stays_nothing_whatever_was_seen(seen):
    convolution = nn.Conv2d(2, 3, 3, padding=1)
    found = RoundedConvolution(convolution, *seen)(torch.zeros(1, 2, 4, 4))
    assert torch.equal(found, convolution.bias.reshape(1, 3, 1, 1).expand(1, 3, 4, 4))


def test_a_layer_that_only_sees_zeros_stays_finite():
    convolution = nn.Conv2d(1, 1, 1)
    convolution.weight.data.zero_()
    found = RoundedConvolution(convolution, 0.0, 0.0)(torch.zeros(1, 1, 4, 4))
    assert torch.equal(found, convolution.bias.reshape(1, 1, 1, 1).expand(1, 1, 4, 4))


def test_the_network_itself_is_left_alone(network, ranges):
    inference = network.for_inference()
    before = inference(torch.zeros(1, 3, 32, 32))
    rounded = quantized(inference, ranges)
    assert torch.equal(inference(torch.zeros(1, 3, 32, 32)), before)
    assert not torch.equal(rounded(torch.ones(1, 3, 32, 32)), inference(torch.ones(1, 3, 32, 32)))


@needs_x86
def test_openvino_computes_every_map_in_integers(network, ranges, square):
    model = to_openvino(network, 64, ranges)
    request = (
        openvino_core().compile_model(model, "CPU", {"PERF_COUNT": "YES"}).create_infer_request()
    )
    request.infer([square[None]])
    kinds = {
        each.node_name: each.exec_type
        for each in request.profiling_info
        if each.status == openvino.ProfilingInfo.Status.EXECUTED and "Convolution" in each.node_type
    }
    seeing_maps = [
        kind for name, kind in kinds.items() if "squeeze" not in name and "excite" not in name
    ]
    assert len(seeing_maps) == len(ranges)
    assert all(kind.endswith("I8") for kind in seeing_maps), seeing_maps


def test_openvino_gives_what_pytorch_plays_through(network, ranges, square):
    runtime = OpenVinoRuntime(to_openvino(network, 64, ranges), precision="f32")
    assert "8-bit integers" in runtime.name
    with torch.inference_mode():
        played = FromPixels(network, ranges)(torch.from_numpy(square)[None])[0].numpy()
        exact = FromPixels(network)(torch.from_numpy(square)[None])[0].numpy()
    found = runtime.run(square)
    spread = exact.std()
    assert np.abs(found - played).mean() < 0.01 * spread
    assert 0.005 * spread < np.abs(found - exact).mean() < 0.1 * spread


def test_ranges_of_another_network_are_refused(network, ranges):
    fewer = {name: each for name, each in ranges.items() if name != "network.joints"}
    with pytest.raises(UnreadableInput, match=r"network\.joints: the ranges"):
        quantized(network.for_inference(), fewer)


@pytest.fixture(scope="module")
def walker_frame():
    """The middle of a clip that the package ships: a rendered walker, alone."""
    clip = resources.files("gaitpose") / "demo_clips" / "free" / "video.mp4"
    with resources.as_file(clip) as path, VideoReader(path) as video:
        frames = [frame.rgb for frame in video]
    return frames[len(frames) // 2]


@needs_x86
@pytest.mark.parametrize("name", shipped())
def test_shipped_weights_find_the_same_joints_in_integers(
    name, walker_frame, tmp_path, monkeypatch
):
    monkeypatch.setenv("GAITPOSE_CACHE", str(tmp_path))
    nets = [
        GaitPoseNet.from_pretrained(name, runtime="openvino", integers=each)
        for each in (True, False)
    ]
    assert ["integers" in net.runtime.name for net in nets] == [True, False]
    integers, floats = (net.predict(walker_frame) for net in nets)
    assert (floats[:, 2] > 0.3).all(), "the walker is plain to see"
    moved = np.abs(integers[:, :2] - floats[:, :2])
    square = MARGIN * np.ptp(person_box(floats[:, :2], floats[:, 2] > 0)[1::2])
    assert np.median(moved) < 1.0
    assert moved.max() < square / (nets[0].size / STRIDE), "a peak's neighbouring cell at most"
    assert np.abs(integers[:, 2] - floats[:, 2]).max() < 0.15
