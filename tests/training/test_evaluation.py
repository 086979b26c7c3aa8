from dataclasses import replace

import numpy as np
import pytest
import torch

from gaitpose.pose.config import NetworkConfig
from gaitpose.pose.network import PoseNetwork
from gaitpose.training.evaluation import (
    breakdown,
    evaluate,
    evaluate_crops,
    evaluate_whole_pictures,
    find_joints,
    view_of,
)
from gaitpose.training.people import read_people


class Oracle:
    """An estimator that knows the labels, and may exchange left and right."""

    name = "oracle"
    keypoints = ()

    def __init__(self, people, error=(0.0, 0.0)):
        self.people = {each.image.tobytes(): each for each in people}
        self.error = error
        self.boxes = []

    def predict(self, rgb, box=None):
        self.boxes.append(box)
        person = self.people[rgb.tobytes()]
        return np.column_stack((person.joints + self.error, np.ones(8)))


@pytest.fixture
def people(small_data):
    return read_people(small_data / "few")


def test_an_oracle_scores_everything(people):
    score = evaluate(Oracle(people), people)
    assert (score.people, score.pcks, score.pcks_strict, score.side_confusion) == (4, 1, 1, 0)
    assert score.by_joint == pytest.approx(np.ones(8))


def test_the_threshold_follows_the_article(people):
    # The labelled joints span 20 x 110 px: a tenth of the smaller extent is 2 px.
    assert evaluate(Oracle(people, (1.9, 0)), people).pcks == 1
    assert evaluate(Oracle(people, (1.9, 0)), people).pcks_strict == 0
    assert evaluate(Oracle(people, (2.1, 0)), people).pcks == 0


def test_boxes_are_given_or_not(people):
    oracle = Oracle(people)
    evaluate(oracle, people)
    assert all(box is not None for box in oracle.boxes)
    oracle.boxes.clear()
    evaluate_whole_pictures(oracle, people)
    assert oracle.boxes == [None] * 4


def test_pictures_with_several_people_are_left_out(people):
    oracle = Oracle(people)
    assert evaluate_whole_pictures(oracle, [*people, people[0]]).people == 3


def test_an_untrained_network_scores_next_to_nothing(people):
    torch.manual_seed(0)
    config = NetworkConfig(stem=8, widths=(16, 16, 32), depths=(1, 1, 1), group_width=8, neck=16)
    score = evaluate_crops(PoseNetwork(config).eval(), people, size=64)
    assert score.people == 4
    assert score.pcks < 0.3


def test_groups_are_scored_apart(people):
    found = find_joints(Oracle(people), people)
    found[0, 6, 0] += 30  # a hidden ankle of the first, who wears an exoskeleton
    hidden = people[0].visibility.copy()
    hidden[6] = 1
    worn = [
        replace(people[0], visibility=hidden, attributes={"exoskeleton": True, "view_deg": 175.0}),
        *(replace(p, attributes={"exoskeleton": False, "view_deg": -88.0}) for p in people[1:]),
    ]
    table = breakdown(found, worn).set_index("group")
    assert list(table.index) == [
        "all", "visible joints", "hidden joints", "view: along", "view: side",
        "with exoskeleton", "without exoskeleton",
    ]  # fmt: skip
    assert table["people"].tolist() == [4, 4, 4, 3, 1, 1, 3]
    assert table["joints"].tolist() == [32, 31, 1, 24, 8, 8, 24]
    expected = [31 / 32, 1, 0, 1, 7 / 8, 7 / 8, 1]
    assert table["pcks_0.1"].tolist() == pytest.approx(expected, abs=1e-4)
    assert table.loc["all", "left_ankle"] == 0.75
    assert np.isnan(table.loc["hidden joints", "left_hip"])


@pytest.mark.parametrize(
    ("degrees", "name"),
    [(0, "side"), (-25, "side"), (180, "side"), (-170, "side"), (90, "along"), (-80, "along"),
     (45, "oblique"), (-130, "oblique")],
)  # fmt: skip
def test_views_by_where_the_camera_stands(people, degrees, name):
    assert view_of(replace(people[0], attributes={"view_deg": degrees})) == name
    assert view_of(people[0]) is None
    assert view_of(replace(people[0], attributes={"view_by_eye": "front"})) == "front"
