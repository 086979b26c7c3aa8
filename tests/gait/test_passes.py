from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import NoSubjectFound, NotEnoughCycles
from gaitpose.gait.passes import (
    PassSettings,
    Stretch,
    body_speed,
    find_passes,
    moving_slope,
    near_side,
    step_activity,
)
from gaitpose.skeleton import mirrored
from gaitpose.synthetic import presets
from gaitpose.synthetic.walker import Walk

from .seen_walks import LEG, walked

SETTINGS = PassSettings()


def signals(walk: Walk, axes: tuple[int, ...] = (0,)) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mid-hip, distance of the ankles and speed of the body in leg lengths."""
    hips = (walk.point("left_hip") + walk.point("right_hip"))[:, axes] / 2 / LEG
    apart = (walk.point("left_ankle") - walk.point("right_ankle"))[:, axes] / LEG
    speed = body_speed(walk.position / LEG, walk.keypoints, walk.fps, SETTINGS)
    return hips, np.linalg.norm(apart, axis=1), speed


def test_slope_of_a_line_and_of_its_gaps() -> None:
    line = 3.0 * np.arange(100) / 50
    line[40:45] = np.nan
    slope = moving_slope(line, 50, 1.0)
    assert np.isnan(slope[40:45]).all()
    np.testing.assert_allclose(np.delete(slope, np.s_[40:45]), 3.0)


def test_step_activity_of_a_sine() -> None:
    time = np.arange(1000) / 50
    activity = step_activity(np.sin(2 * np.pi * time), 50)
    assert activity[500] == pytest.approx(np.sqrt(0.5), rel=0.02)
    assert np.isnan(step_activity(np.full(100, np.nan), 50)).all()


@pytest.mark.parametrize("direction", [1, -1])
def test_one_walk_is_one_pass(direction: int) -> None:
    hips, apart, speed = signals(walked(fps=30))
    walks = find_passes(direction * hips, apart, speed, 30, "auto", SETTINGS)
    assert walks.surface == "overground"
    assert [(s.start, s.stop) for s in walks.stretches] == [(0, len(hips))]
    assert walks.stretches[0].heading.tolist() == [direction]
    assert walks.left_out == []
    assert near_side(walks.stretches[0]) == ("right" if direction > 0 else "left")


@pytest.mark.parametrize("axes", [(0,), (0, 2), (2, 0)])
def test_standing_and_turning_are_left_out(axes: tuple[int, ...]) -> None:
    walk = walked(fps=50, start=True, stop=True, turn=True, standing_s=1.0)
    hips, apart, speed = signals(walk, axes)
    walks = find_passes(hips, apart, speed, 50, "auto", SETTINGS)
    there, back = walks.stretches
    assert there.heading @ back.heading == pytest.approx(-1.0, abs=1e-3)
    assert [part.reason for part in walks.left_out] == ["stands", "turns", "stands"]
    pace = np.abs(np.gradient(hips[:, list(axes).index(0)])) * 50 * LEG
    steady = pace > 0.8 * walk.speed
    inside = np.zeros(len(hips), dtype=bool)
    for part in walks.stretches:
        inside[part.start : part.stop] = True
    assert inside[steady].mean() > 0.97
    assert (pace[inside] > 0.1).mean() > 0.97


def test_passes_are_split_where_the_person_leaves_the_picture() -> None:
    hips, apart, speed = signals(walked(fps=30, strides=12))
    hips[150:170] = np.nan
    walks = find_passes(hips, apart, speed, 30, "auto", SETTINGS)
    assert [(s.start, s.stop) for s in walks.stretches] == [(0, 150), (170, len(hips))]
    assert [part.reason for part in walks.left_out] == ["the hips are not seen"]
    hips, apart, speed = signals(walked(fps=30, strides=12))
    hips[150:160] = np.nan
    assert len(find_passes(hips, apart, speed, 30, "auto", SETTINGS).stretches) == 1


def test_a_treadmill_is_recognised_and_can_be_forced() -> None:
    hips, apart, speed = signals(walked(fps=30, treadmill=True, strides=10))
    walks = find_passes(hips, apart, speed, 30, "auto", SETTINGS)
    assert walks.surface == "treadmill"
    assert [(s.start, s.stop) for s in walks.stretches] == [(0, len(hips))]
    drifting = hips + 0.4 * np.sin(np.arange(len(hips)) / 60)[:, np.newaxis]
    assert find_passes(drifting, apart, speed, 30, "auto", SETTINGS).surface == "treadmill"
    with pytest.raises(NotEnoughCycles, match="no straight walk"):
        find_passes(hips, apart, speed, 30, "overground", SETTINGS)


@pytest.mark.parametrize("preset", ["hemiparetic", "slow", "stiff_knee", "crouch"])
def test_slow_and_uneven_walks_are_one_pass(preset: str) -> None:
    walk = walked(**dict(getattr(presets, preset)(fps=30, strides=8)))
    hips, apart, speed = signals(walk)
    walks = find_passes(hips, apart, speed, 30, "auto", SETTINGS)
    assert walks.surface == "overground"
    assert sum(s.stop - s.start for s in walks.stretches) > 0.97 * len(hips)
    assert len(walks.stretches) == 1


def test_noise_does_not_move_a_standing_person() -> None:
    rng = np.random.default_rng(0)
    hips = rng.normal(0, 0.01, (300, 1))
    apart = 0.2 + rng.normal(0, 0.014, 300)
    with pytest.raises(NoSubjectFound, match="stands"):
        find_passes(hips, apart, np.full(300, 0.05), 30, "auto", SETTINGS)


def test_nobody_is_no_pass() -> None:
    nothing = np.full(90, np.nan)
    with pytest.raises(NoSubjectFound, match="no hips"):
        find_passes(np.full((90, 1), np.nan), nothing, nothing, 30, "auto", SETTINGS)


def test_a_walk_along_a_circle_gives_straight_pieces_only() -> None:
    angle = np.linspace(0, 2 * np.pi, 900)
    hips = 4 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    apart = 0.4 * np.abs(np.sin(2 * np.pi * np.arange(900) / 30))
    walks = find_passes(hips, apart, np.full(900, 1.0), 30, "auto", SETTINGS)
    for stretch in walks.stretches:
        turned = angle[stretch.stop - 1] - angle[stretch.start]
        assert np.degrees(turned) < 2 * SETTINGS.straight_deg + 5
    assert isinstance(walks.stretches[0], Stretch)


@pytest.mark.parametrize(
    ("exchanged", "missing"),
    [((), ()), ((125, 126, 131, 133, 134, 141, 147), ()), ((), (134, 135))],
    ids=["plain", "names change", "not seen for a moment"],
)
def test_a_frozen_video_ends_a_pass(exchanged: tuple[int, ...], missing: tuple[int, ...]) -> None:
    walk = walked(fps=30, strides=12)
    rng = np.random.default_rng(0)
    position = walk.position.copy()
    position[120:150] = position[120]
    position += rng.normal(0, 0.004, position.shape)
    order = [walk.keypoints.index(mirrored(name)) for name in walk.keypoints]
    for frame in exchanged:  # an estimator in doubt names still legs now this way, now that
        position[frame] = position[frame, order]
    position[list(missing)] = np.nan
    hips = (position[:, 2, :1] + position[:, 3, :1]) / 2 / LEG
    apart = np.abs(position[:, 6, 0] - position[:, 7, 0]) / LEG
    apart[135] = 0.1
    speed = body_speed(position / LEG, walk.keypoints, 30, SETTINGS)
    walks = find_passes(hips, apart, speed, 30, "auto", SETTINGS)
    assert len(walks.stretches) == 2
    assert walks.left_out[0].reason == "stands"
    assert 115 < walks.left_out[0].start < 130
    assert 140 < walks.left_out[0].stop < 155


def test_body_speed_of_a_treadmill_walker_is_that_of_the_legs() -> None:
    walk = walked(fps=30, treadmill=True, strides=10)
    speed = body_speed(walk.position[:, :8] / LEG, walk.keypoints[:8], 30, SETTINGS)
    assert np.nanmin(speed) > 2 * SETTINGS.slowest
    assert np.isnan(body_speed(np.full((20, 8, 2), np.nan), walk.keypoints[:8], 30, SETTINGS)).all()
