"""Any ONNX model: tiny graphs whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.onnx_model import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    INDICES,
    OnnxModel,
    decode_heatmaps,
    decode_simcc,
)
from gaitpose.skeleton import JOINTS, KEYPOINTS

onnx = pytest.importorskip("onnx", reason="graphs are made with the onnx package")

WIDTH, HEIGHT = 48, 64
BOX = Box(0, 0, WIDTH - 1, HEIGHT - 1)


def save(path: Path, nodes, outputs, constants=()) -> Path:
    graph = onnx.helper.make_graph(
        nodes,
        "tiny",
        [onnx.helper.make_tensor_value_info("image", 1, [1, 3, HEIGHT, WIDTH])],
        [onnx.helper.make_tensor_value_info(name, 1, shape) for name, shape in outputs],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, path)
    return path


def picture_as_heatmap(path: Path, count: int) -> Path:
    """The red channel, as the network gets it, is every keypoint's heatmap."""
    kernel = np.zeros((count, 3, 1, 1), np.float32)
    kernel[:, 0] = 1.0
    node = onnx.helper.make_node("Conv", ["image", "kernel"], ["maps"])
    return save(path, [node], [("maps", [1, count, HEIGHT, WIDTH])], [("kernel", kernel)])


def picture_as_simcc(path: Path) -> Path:
    """Brightest column and row of the red channel, two bins a pixel, as SimCC of 17 keypoints."""
    kernel = np.zeros((17, 3, 1, 1), np.float32)
    kernel[:, 0] = 1.0
    make = onnx.helper.make_node
    nodes = [
        make("Conv", ["image", "kernel"], ["maps"]),
        make("ReduceMax", ["maps"], ["columns"], axes=[2], keepdims=0),
        make("ReduceMax", ["maps"], ["rows"], axes=[3], keepdims=0),
        make("Resize", ["columns", "", "scales"], ["simcc_x"], mode="nearest"),
        make("Resize", ["rows", "", "scales"], ["simcc_y"], mode="nearest"),
    ]
    constants = [("kernel", kernel), ("scales", np.array([1, 1, 2], np.float32))]
    outputs = [("simcc_y", [1, 17, 2 * HEIGHT]), ("simcc_x", [1, 17, 2 * WIDTH])]
    return save(path, nodes, outputs, constants)


def red_spot(x: int, y: int) -> np.ndarray:
    rgb = np.zeros((200, 300, 3), np.uint8)
    rgb[..., 2] = 150  # not so dark that the window would be brightened
    rgb[y - 6 : y + 7, x - 6 : x + 7, 0] = 120
    rgb[y - 3 : y + 4, x - 3 : x + 4, 0] = 255
    return rgb


@pytest.mark.parametrize("count", [17, 26])
@pytest.mark.parametrize("spot", [(80, 60), (100, 90)])
def test_heatmaps_are_recognised_and_carried_back(tmp_path, count, spot):
    network = OnnxModel(picture_as_heatmap(tmp_path / "maps.onnx", count))
    assert isinstance(network, Estimator)
    assert network.keypoints == (KEYPOINTS if count == 26 else JOINTS)
    joints = network.predict(red_spot(*spot), Box(50, 20, 130, 130))
    assert joints.shape == (len(network.keypoints), 3)
    assert joints[:, :2] == pytest.approx(np.tile(spot, (len(joints), 1)), abs=1.5)
    assert joints[:, 2] == pytest.approx(1.0)


def test_simcc_is_recognised_whatever_the_order_of_its_outputs(tmp_path):
    network = OnnxModel(picture_as_simcc(tmp_path / "simcc.onnx"))
    assert network.head.kind == "simcc"
    joints = network.predict(red_spot(90, 70), Box(50, 20, 130, 130))
    assert joints[:, :2] == pytest.approx(np.tile([90, 70], (8, 1)), abs=3)


def test_the_picture_is_rgb_normalised_as_imagenet(tmp_path):
    """A map that is the mean of all channels of a grey picture says what the network gets."""
    path = tmp_path / "mean.onnx"
    kernel = np.full((17, 3, 1, 1), 1 / 3, np.float32)
    node = onnx.helper.make_node("Conv", ["image", "kernel"], ["maps"])
    save(path, [node], [("maps", [1, 17, HEIGHT, WIDTH])], [("kernel", kernel)])
    joints = OnnxModel(path).predict(np.full((100, 100, 3), 150, np.uint8), Box(20, 20, 60, 60))
    expected = np.mean((150 - np.array(IMAGENET_MEAN)) / IMAGENET_STD)
    assert joints[:, 2] == pytest.approx(min(expected, 1.0), abs=0.02)


def test_not_onnx(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(UnreadableInput, match="not an ONNX model"):
        OnnxModel(path)


def test_another_kind_of_model(tmp_path):
    node = onnx.helper.make_node("GlobalAveragePool", ["image"], ["pooled"])
    path = save(tmp_path / "classes.onnx", [node], [("pooled", [1, 3, 1, 1])])
    with pytest.raises(UnreadableInput, match=r"17 .COCO. or 26 .Halpe."):
        OnnxModel(path)


def test_peaks_of_heatmaps_to_a_fraction_of_a_cell():
    rows, columns = np.mgrid[0:64, 0:48]
    truth = np.array([[20.3, 31.6], [40.0, 10.0], [11.8, 50.25]])
    maps = np.exp(-((columns - truth[:, 0, None, None]) ** 2) / 8)
    maps = maps * np.exp(-((rows - truth[:, 1, None, None]) ** 2) / 8)
    found = decode_heatmaps(maps.astype(np.float32), width=192, height=256)
    assert found[:, :2] == pytest.approx((truth + 0.5) * 4 - 0.5, abs=0.2)


def test_peaks_of_simcc():
    bins_x, bins_y = np.arange(384), np.arange(512)
    x, y = np.array([101.0, 12.5]), np.array([30.25, 200.0])
    across = np.exp(-((bins_x - 2 * x[:, None]) ** 2) / 50)
    down = 0.8 * np.exp(-((bins_y - 2 * y[:, None]) ** 2) / 50)
    found = decode_simcc(across, down, width=192, height=256)
    assert found[:, 0] == pytest.approx(x, abs=0.1)
    assert found[:, 1] == pytest.approx(y, abs=0.1)
    assert found[:, 2] == pytest.approx(0.8, abs=0.02)


def test_the_keypoints_are_those_of_coco_and_halpe():
    assert INDICES[17] == INDICES[26][:8]
    assert len(INDICES[26]) == len(KEYPOINTS)
