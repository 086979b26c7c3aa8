import numpy as np
import pytest
import torch

from gaitpose.errors import UnreadableInput
from gaitpose.pose.codec import decode
from gaitpose.pose.config import NetworkConfig
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.openvino_core import openvino_core
from gaitpose.pose.torch_runtime import TorchRuntime
from gaitpose.pose.weights import load_weights
from gaitpose.training.checkpoint import save_checkpoint
from gaitpose.training.export import export_onnx, export_openvino, export_weights

TINY = NetworkConfig(
    stem=8, widths=(16, 16, 32), depths=(1, 1, 1), group_width=8, neck=16, heatmap="distribution"
)
SQUARE = np.random.default_rng(2).integers(0, 256, (512, 512, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    torch.manual_seed(1)
    network = PoseNetwork(TINY)
    torch.nn.init.normal_(network.joints.weight, std=1.0)
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
