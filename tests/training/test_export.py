from dataclasses import replace

import numpy as np
import pytest
import torch

from gaitpose.errors import UnreadableInput
from gaitpose.pose.codec import decode
from gaitpose.pose.normalise import Normalise
from gaitpose.pose.openvino_core import openvino_core
from gaitpose.pose.quantization import input_ranges
from gaitpose.pose.torch_runtime import TorchRuntime
from gaitpose.pose.weights import load_weights
from gaitpose.training.checkpoint import load_checkpoint, save_checkpoint
from gaitpose.training.export import (
    export_onnx,
    export_openvino,
    export_weights,
    measure_input_ranges,
)
from gaitpose.training.people import read_people
from gaitpose.training.views import PLAIN, person_view
from pose.tiny import TINY, tiny_network

SQUARE = np.random.default_rng(2).integers(0, 256, (512, 512, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    network = tiny_network(seed=1)
    folder = tmp_path_factory.mktemp("export")
    state = {
        "recipe": "gaitpose",
        "config": {**vars(TINY), "widths": list(TINY.widths), "depths": list(TINY.depths)},
        "average": network.state_dict(),
        "progress": {"step": 10, "samples": 320, "seconds": 1800.0},
    }
    save_checkpoint(folder / "checkpoint.pt", state)
    return export_weights(folder / "checkpoint.pt", "tiny", folder)


def test_card_tells_how_the_weights_came_about(weights):
    _, card = load_weights(weights)
    assert card.name == "tiny"
    assert card.network == TINY
    assert card.training["views"] == 320
    assert card.training["hours"] == 0.5
    assert "taught_by" not in card.training


def test_card_tells_which_network_taught_it(weights, tmp_path):
    state = load_checkpoint(weights.with_name("checkpoint.pt"))
    save_checkpoint(tmp_path / "checkpoint.pt", {**state, "elder": "gaitpose-full-gpu"})
    _, card = load_weights(export_weights(tmp_path / "checkpoint.pt", "pupil", tmp_path))
    assert card.training["taught_by"] == "gaitpose-full-gpu"


def test_onnx_agrees_with_torch_within_a_tenth_of_a_pixel_at_512(weights, tmp_path):
    pytest.importorskip("onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    path = export_onnx(weights, tmp_path / "net.onnx", size=512)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (maps,) = session.run(None, {"pixels": SQUARE[None]})
    _assert_same_joints(weights, maps[0])


def test_openvino_file_agrees_with_torch_within_a_tenth_of_a_pixel_at_512(weights, tmp_path):
    path = export_openvino(weights, tmp_path / "net.xml", size=512)
    compiled = openvino_core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    _assert_same_joints(weights, compiled([SQUARE[None]])[0][0])


def _assert_same_joints(weights, maps):
    network, card = load_weights(weights)
    ours = decode(TorchRuntime(network).run(SQUARE), card.network.heatmap)
    assert np.abs(decode(maps, card.network.heatmap)[:, :2] - ours[:, :2]).max() <= 0.1


def test_a_checkpoint_without_weights_is_refused(tmp_path):
    save_checkpoint(tmp_path / "checkpoint.pt", {"step": 1})
    with pytest.raises(UnreadableInput, match="missing"):
        export_weights(tmp_path / "checkpoint.pt", "x", tmp_path)


def test_ranges_are_measured_on_people_trained_on_and_kept_on_the_card(
    weights, small_data, tmp_path, monkeypatch
):
    monkeypatch.setattr("gaitpose.training.people.validation_names", lambda _: {"0.png"})
    copy = tmp_path / "tiny.safetensors"
    copy.write_bytes(weights.read_bytes())
    copy.with_suffix(".json").write_bytes(weights.with_suffix(".json").read_bytes())
    calls = []
    card = measure_input_ranges(copy, [small_data / "few"], lambda *done: calls.append(done))
    assert calls[-1] == (3, 3)
    network, before = load_weights(weights)
    assert load_weights(copy)[1] == card == replace(before, input_ranges=card.input_ranges)
    people = read_people(small_data / "few")[1:]
    squares = [person_view(each, 256, PLAIN, np.random.default_rng(0)).image for each in people]
    pictures = Normalise()(torch.from_numpy(np.stack(squares)))
    expected = input_ranges(network.for_inference(), [pictures])
    assert card.input_ranges.keys() == expected.keys()
    for name, seen in expected.items():
        assert card.input_ranges[name] == pytest.approx(seen, abs=1e-4), name


def test_ranges_need_somebody_to_look_at(weights, small_data, tmp_path):
    (tmp_path / "annotations.json").write_text(
        '{"images": [], "annotations": [], "categories": []}'
    )
    with pytest.raises(UnreadableInput):
        measure_input_ranges(weights, [tmp_path])
