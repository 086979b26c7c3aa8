import numpy as np
import pytest

from gaitpose.skeleton import MIRROR
from gaitpose.training.metrics import (
    correct_joints,
    pck_torso,
    pcks,
    reference_length,
    side_confusion,
)

BODY = np.array([[40, 0], [0, 0], [38, 50], [5, 50], [45, 100], [0, 100], [50, 150], [0, 150.0]])
JOINTS = BODY[None]
ALL = np.ones((1, 8), bool)


def test_reference_length_is_the_smaller_extent():
    assert reference_length(JOINTS, ALL) == pytest.approx([50.0])
    without = ALL.copy()
    without[0, [4, 6]] = False
    assert reference_length(JOINTS, without) == pytest.approx([40.0])


def test_reference_length_needs_two_joints():
    one = np.zeros((1, 8), bool)
    one[0, 0] = True
    assert np.isnan(reference_length(JOINTS, one)[0])
    assert not correct_joints(JOINTS, JOINTS, one, 0.1).any()


@pytest.mark.parametrize(("error", "expected"), [(4.0, 1.0), (4.9, 1.0), (5.1, 0.0)])
def test_pcks_threshold_is_a_tenth_of_it(error, expected):
    assert pcks(JOINTS + np.array([error, 0]), JOINTS, ALL, 0.1) == expected


def test_stricter_threshold():
    assert pcks(JOINTS + np.array([0, 4.5]), JOINTS, ALL, 0.08) == 0.0
    assert pcks(JOINTS + np.array([0, 3.9]), JOINTS, ALL, 0.08) == 1.0


def test_only_labelled_joints_count_and_missing_ones_are_wrong():
    labelled = ALL.copy()
    labelled[0, 1] = False
    found = JOINTS.copy()
    found[0, 0] = np.nan
    found[0, 1] = 1e4
    assert pcks(found, JOINTS, labelled) == pytest.approx(6 / 7)


def test_side_confusion_counts_exchanged_pairs_not_misses():
    assert side_confusion(JOINTS, JOINTS, ALL) == 0.0
    assert side_confusion(JOINTS[:, list(MIRROR)], JOINTS, ALL) == 1.0
    knees = JOINTS.copy()
    knees[0, [4, 5]] = knees[0, [5, 4]]
    assert side_confusion(knees, JOINTS, ALL) == pytest.approx(1 / 3)
    assert side_confusion(JOINTS + 1000, JOINTS, ALL) == 0.0


def test_torso_pck_by_hand():
    # Shoulders and hips of JOINTS give the torso's two diagonals.
    a = np.linalg.norm(JOINTS[0, 0] - JOINTS[0, 3])
    b = np.linalg.norm(JOINTS[0, 1] - JOINTS[0, 2])
    limit = 0.2 * (a + b) / 2
    near, far = (JOINTS + np.array([limit * share, 0]) for share in (0.99, 1.01))
    assert pck_torso(near, JOINTS, ALL, ALL) == 1.0
    assert pck_torso(far, JOINTS, ALL, ALL) == 0.0
    hips_unknown = ALL.copy()
    hips_unknown[0, 2:4] = False
    assert pck_torso(near, JOINTS, hips_unknown, hips_unknown) == 0.0  # nobody is counted
