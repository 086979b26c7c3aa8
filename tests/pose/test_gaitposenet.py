import numpy as np
import pytest

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.pose.config import LITE
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.people import person_box
from gaitpose.pose.weights import WeightsCard
from gaitpose.skeleton import JOINTS


class MarkerRuntime:
    """Stands in for the network: finds eight dots painted in eight colours, exactly."""

    name = "markers"
    why = "a test"

    def __init__(self):
        self.sides = []

    def run(self, square):
        size = square.shape[0]
        cells = size // 4
        maps = np.zeros((24, cells, cells), np.float32)
        for k in range(8):
            y, x = _centre_of(square, k)
            row, column = min(int(y // 4), cells - 1), min(int(x // 4), cells - 1)
            maps[k, row, column] = 0.9
            maps[8 + 2 * k, row, column] = x / 4 - column
            maps[9 + 2 * k, row, column] = y / 4 - row
        return maps


def _centre_of(square, k):
    weight = np.clip(60 - np.abs(square.astype(int) - _colour(k)).max(2), 0, None)
    row, column = np.mgrid[: square.shape[0], : square.shape[1]]
    if weight.sum() == 0:
        return 0.0, 0.0
    return (weight * row).sum() / weight.sum(), (weight * column).sum() / weight.sum()


def _colour(k):
    return 255 * np.array([k & 1, k >> 1 & 1, k >> 2 & 1])


def _dotted(joints, height=480, width=640):
    image = np.full((height, width, 3), 128, np.uint8)
    for k, (x, y) in enumerate(joints):
        image[y - 5 : y + 6, x - 5 : x + 6] = _colour(k)
    return image


STANDING = np.array(
    [[300, 120], [340, 120], [305, 220], [335, 220], [300, 310], [340, 310], [298, 400], [345, 400]]
)


@pytest.fixture
def net(tmp_path):
    return GaitPoseNet(MarkerRuntime(), WeightsCard("x", LITE, 256), 256, tmp_path, mirrored=False)


def test_it_is_an_estimator_of_the_eight_joints(net):
    assert isinstance(net, Estimator)
    assert net.keypoints == JOINTS


def test_joints_come_back_in_pixels_of_the_picture(net):
    box = Box(*person_box(STANDING.astype(float), np.ones(8, bool)))
    found = net.predict(_dotted(STANDING), box)
    assert np.abs(found[:, :2] - STANDING).max() < 1.0
    assert found[:, 2] == pytest.approx(0.9)


@pytest.mark.parametrize("move", [(-285, -90), (270, 60)])
def test_a_box_may_reach_outside_of_the_picture(net, move):
    joints = STANDING + np.array(move)
    box = Box(*person_box(joints.astype(float), np.ones(8, bool)))
    assert np.abs(net.predict(_dotted(joints), box)[:, :2] - joints).max() < 1.0


def test_confidence_is_calibrated_where_the_card_says_how(tmp_path):
    card = WeightsCard("x", LITE, 256, calibration=((0.0, 0.0), (1.0, 0.5)))
    net = GaitPoseNet(MarkerRuntime(), card, 256, tmp_path, mirrored=False)
    assert net.predict(_dotted(STANDING))[:, 2] == pytest.approx(0.45)


class ChangingRuntime(MarkerRuntime):
    """Is surer of other joints in each look, and wrong about the rest."""

    surer = (range(8), range(4), range(2, 8))

    def run(self, square):
        maps = super().run(square)
        surer = self.surer[len(self.sides)]
        self.sides.append(square.shape[0])
        for k in set(range(8)) - set(surer):
            maps[k] = np.roll(maps[k] / 2, 10, axis=1)
            maps[8 + 2 * k : 10 + 2 * k] = np.roll(maps[8 + 2 * k : 10 + 2 * k], 10, axis=2)
        return maps


def test_without_a_box_the_surer_of_two_looks_counts_for_each_joint(tmp_path):
    net = GaitPoseNet(ChangingRuntime(), WeightsCard("x", LITE, 256), 256, tmp_path, mirrored=False)
    found = net.predict(_dotted(STANDING))
    assert len(net.runtime.sides) == 3
    assert np.abs(found[:, :2] - STANDING).max() < 1.5
    assert found[:, 2] == pytest.approx(0.9)


def test_without_a_box_it_looks_more_closely_after_a_glance(net):
    small = (STANDING - [320, 260]) // 2 + [150, 240]
    found = net.predict(_dotted(small), None)
    assert np.abs(found[:, :2] - small).max() < 0.8  # 1.25 picture px per cell at a glance


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)]
)
def test_anything_but_an_rgb_picture_is_refused(net, image):
    with pytest.raises(UnreadableInput, match="uint8 array"):
        net.predict(image)


def test_unknown_weights_are_named(tmp_path):
    with pytest.raises(BadSettings, match="no weights of this name"):
        GaitPoseNet.from_pretrained("enormous")
    with pytest.raises(UnreadableInput):
        GaitPoseNet.from_pretrained(tmp_path / "none.safetensors")
