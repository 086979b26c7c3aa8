import numpy as np
import pytest
import torch

from gaitpose.pose.config import NetworkConfig
from gaitpose.pose.network import PoseNetwork
from gaitpose.training.evaluation import evaluate, evaluate_crops, evaluate_whole_pictures
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
