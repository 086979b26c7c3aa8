"""Clocks that differ by a known time are told apart by the ankles' paths, and only then."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gaitpose.refine.clocks import differences_between_people, lag_of_ankles
from gaitpose.refine.datasets import DatasetSettings

VIDEO_RATE, MARKER_RATE = 100.0, 200.0
SECONDS, STRIDE = 6.0, 1.1
FEATURES = DatasetSettings().walking


def ahead(time: np.ndarray) -> np.ndarray:
    """Metres that the right ankle is ahead of the left; no two steps are alike."""
    return (0.55 + 0.05 * np.sin(time)) * np.cos(
        2 * np.pi * time / STRIDE + 0.2 * np.sin(0.7 * time)
    )


def seen_by_video(delay: float) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Joints of someone who walks diagonally through the room, `delay` s later on this clock."""
    time = np.arange(round(SECONDS * VIDEO_RATE)) / VIDEO_RATE
    # Forward is x, right is z.
    places = {
        "pelvis": (0.95, 0.0),
        "spine": (1.15, 0.0),
        "chest": (1.4, 0.0),
        "left_shoulder": (1.4, -0.2),
        "right_shoulder": (1.4, 0.2),
        "left_hip": (0.9, -0.1),
        "right_hip": (0.9, 0.1),
        "left_knee": (0.5, -0.1),
        "right_knee": (0.5, 0.1),
        "left_ankle": (0.1, -0.1),
        "right_ankle": (0.1, 0.1),
    }
    turn = Rotation.from_euler("y", 50, degrees=True)
    joints = {}
    for name, (up, right) in places.items():
        forward = 1.2 * time
        if name.endswith("ankle"):
            forward = forward + (0.5 if name.startswith("right") else -0.5) * ahead(time - delay)
        path = np.stack([forward, np.full_like(time, up), np.full_like(time, right)], axis=1)
        joints[name] = turn.apply(path)
    return joints, time


def seen_by_markers() -> dict[str, np.ndarray]:
    """Pelvis and ankle markers of the same walk, z up, forward x."""
    time = np.arange(round(SECONDS * MARKER_RATE)) / MARKER_RATE
    places = {
        "LASI": (0.1, 0.12, 1.0),
        "RASI": (0.1, -0.12, 1.0),
        "LPSI": (-0.1, 0.05, 1.0),
        "RPSI": (-0.1, -0.05, 1.0),
        "LANK": (0.0, 0.1, 0.1),
        "RANK": (0.0, -0.1, 0.1),
    }
    markers = {}
    for name, place in places.items():
        path = np.tile(np.array(place), (len(time), 1))
        path[:, 0] += 1.2 * time
        if name.endswith("ANK"):
            path[:, 0] += (0.5 if name.startswith("R") else -0.5) * ahead(time)
        markers[name] = path
    return markers


def lag(joints, time, markers) -> float:
    walking = (100, round((SECONDS - 0.5) * MARKER_RATE))
    return lag_of_ankles(joints, time, markers, MARKER_RATE, walking, FEATURES, maximum=0.3)


@pytest.mark.parametrize("delay", [0.0, 0.08, -0.05, 0.133])
def test_known_delay_is_found(delay):
    # What video shows late must be brought forward.
    assert lag(*seen_by_video(delay), seen_by_markers()) == pytest.approx(-delay, abs=0.008)


def test_trial_that_starts_later_on_the_same_clock():
    joints, time = seen_by_video(0.06)
    later = {name: path[80:] for name, path in joints.items()}
    assert lag(later, time[80:], seen_by_markers()) == pytest.approx(-0.06, abs=0.008)


def test_another_walk_has_no_lag():
    joints, time = seen_by_video(0.0)
    rng = np.random.default_rng(5)
    for ankle in ("left_ankle", "right_ankle"):
        joints[ankle] = joints["pelvis"] + rng.normal(0, 0.3, (len(time), 3))
    assert np.isnan(lag(joints, time, seen_by_markers()))


def test_only_what_differs_between_people_is_put_right():
    lags = {"a1": 0.08, "a2": 0.06, "a3": 0.3, "b1": 0.10, "c1": 0.05, "c2": np.nan, "d1": np.nan}
    people = {trial: trial[0] for trial in lags}
    found = differences_between_people(lags, people)
    assert found == pytest.approx({"a": 0.0, "b": 0.02, "c": -0.03, "d": 0.0})
    assert differences_between_people({}, {"e1": "e"}) == {"e": 0.0}
