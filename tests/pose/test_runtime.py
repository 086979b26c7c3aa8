from dataclasses import replace

import numpy as np
import pytest
import torch

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.pose import runtime
from gaitpose.pose.codec import decode
from gaitpose.pose.normalise import Normalise
from gaitpose.pose.openvino_core import computes_in_bf16, computes_in_integers
from gaitpose.pose.quantization import input_ranges
from gaitpose.pose.torch_runtime import TorchRuntime, to_openvino
from gaitpose.pose.weights import (
    WeightsCard,
    load_weights,
    read_card,
    save_weights,
    weights_path,
    write_card,
)

from .tiny import TINY, tiny_network


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A small network with sharp, random maps, saved."""
    card = WeightsCard("tiny", TINY, 64, {"views": 0})
    return save_weights(tiny_network(), card, tmp_path_factory.mktemp("weights"))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GAITPOSE_CACHE", str(tmp_path / "cache"))


def _square(size):
    return np.random.default_rng(1).integers(0, 256, (size, size, 3), dtype=np.uint8)


def test_openvino_and_torch_agree_within_a_tenth_of_a_pixel_at_512(weights):
    network, _ = load_weights(weights)
    openvino = runtime.OpenVinoRuntime(to_openvino(network, 512), precision="f32")
    square = _square(512)
    theirs, ours = openvino.run(square), TorchRuntime(network).run(square)
    assert theirs.shape == ours.shape == (24, 128, 128)
    difference = decode(theirs, "distribution") - decode(ours, "distribution")
    assert np.abs(difference[:, :2]).max() <= 0.1
    assert np.abs(difference[:, 2]).max() <= 1e-3


def test_both_runtimes_can_be_asked_for_and_say_what_they_are(weights):
    torch_cpu = runtime.choose_runtime(weights, 64, "torch")
    assert torch_cpu.name.startswith("torch")
    openvino = runtime.choose_runtime(weights, 64, "openvino")
    assert openvino.name.startswith("OpenVINO")
    assert "bf16" in openvino.why


def test_bf16_is_taken_where_the_processor_has_it(weights):
    has = computes_in_bf16()
    chosen = runtime.choose_runtime(weights, 64, "openvino")
    assert chosen.name.endswith("bf16" if has else "f32")


def test_converted_graph_is_kept_and_used_again(weights, monkeypatch):
    first = runtime.choose_runtime(weights, 64, "openvino")
    assert len(list(runtime.cache_folder().glob("*.xml"))) == 1
    monkeypatch.setattr(runtime, "load_weights", _must_not_run)
    again = runtime.choose_runtime(weights, 64, "openvino")
    square = _square(64)
    assert np.array_equal(first.run(square), again.run(square))


def _must_not_run(_path):
    raise AssertionError("converted again")


def test_a_cache_that_cannot_be_written_to_does_not_stop_it(weights, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAITPOSE_CACHE", str(tmp_path / "file"))
    assert runtime.choose_runtime(weights, 64, "openvino").run(_square(64)).shape == (24, 16, 16)


@pytest.mark.parametrize("size", [0, -16, 100])
def test_impossible_sizes_are_refused(weights, size):
    with pytest.raises(BadSettings, match="multiple of 16"):
        runtime.choose_runtime(weights, size)


def test_weights_survive_the_way_through_the_file(weights):
    network, card = load_weights(weights)
    assert card == WeightsCard("tiny", TINY, 64, {"views": 0})
    original = tiny_network()
    for name, value in original.stages.state_dict().items():
        assert torch.allclose(network.stages.state_dict()[name].float(), value.float(), atol=2e-3)


def test_damaged_weights_are_refused_in_one_line(weights, tmp_path):
    copy = tmp_path / "tiny.safetensors"
    copy.write_bytes(weights.read_bytes()[:1000])
    copy.with_suffix(".json").write_text(weights.with_suffix(".json").read_text())
    with pytest.raises(UnreadableInput, match="damaged") as caught:
        load_weights(copy)
    assert "\n" not in str(caught.value)


def test_a_damaged_card_is_refused(weights, tmp_path):
    copy = tmp_path / "tiny.safetensors"
    copy.write_bytes(weights.read_bytes())
    copy.with_suffix(".json").write_text('{"format": 1}')
    with pytest.raises(UnreadableInput, match="card"):
        read_card(copy)


@pytest.mark.skipif(not computes_in_integers(), reason="integers are used on x86 only")
def test_integers_are_taken_where_the_card_has_ranges(weights, tmp_path):
    copy = tmp_path / "tiny.safetensors"
    copy.write_bytes(weights.read_bytes())
    network, card = load_weights(weights)
    seen = input_ranges(network.for_inference(), [Normalise()(torch.from_numpy(_square(64))[None])])
    write_card(replace(card, input_ranges=seen), copy)
    assert read_card(copy).input_ranges == seen
    squares = _square(64)
    plain = runtime.choose_runtime(weights, 64, "openvino")
    integers = runtime.choose_runtime(copy, 64, "openvino")
    floats = runtime.choose_runtime(copy, 64, "openvino", integers=False)
    assert "integers" in integers.name
    assert "integers" not in plain.name + floats.name
    assert np.array_equal(floats.run(squares), plain.run(squares))
    assert not np.array_equal(integers.run(squares), plain.run(squares))
    # Same weights, other ranges: not the graph that was kept.
    narrow = {name: (low / 4, high / 4) for name, (low, high) in seen.items()}
    write_card(replace(card, input_ranges=narrow), copy)
    other = runtime.choose_runtime(copy, 64, "openvino")
    assert not np.array_equal(other.run(squares), integers.run(squares))


def test_other_processors_compute_in_floating_point(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    net = runtime.choose_runtime(weights_path("lite"), 64, "openvino")
    assert "integers" not in net.name
