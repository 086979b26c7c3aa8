"""Joints on somebody who stands in front of the walker are told from those of one who halts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import xarray as xr

from gaitpose.gait.analysis import analyze
from gaitpose.gait.cleaning import CleaningSettings
from gaitpose.gait.result import GaitAnalysis
from gaitpose.gait.stuck import find_stuck
from gaitpose.report.content import used_cycles
from gaitpose.report.truth import angle_errors
from gaitpose.subject import Subject
from gaitpose.synthetic.presets import PRESETS
from gaitpose.synthetic.walker import Walk, walk

from .seen_walks import LEG, arrays, camera, observed, with_position

SETTINGS = CleaningSettings()
SUBJECT = Subject(leg_length=LEG)
HIDDEN = (2.0, 2.6)
"""Seconds in which a bystander is in front."""


def passing(fps: float, speed: float) -> tuple[np.ndarray, np.ndarray]:
    """Times, and the place of a point that moves on evenly, leg lengths."""
    time = np.arange(round(5 * fps)) / fps
    return time, speed * time


@pytest.mark.parametrize("fps", [25.0, 60.0, 120.0])
@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(("hidden_for", "told"), [(0.6, True), (0.3, False)])
def test_a_point_is_stuck_while_another_stands_in_front(
    fps: float, speed: float, hidden_for: float, told: bool
) -> None:
    _, along = passing(fps, speed)
    hidden = np.abs(along - 1.5) <= hidden_for / 2
    stuck = find_stuck(np.where(hidden, 1.5, along), fps, SETTINGS)
    assert np.array_equal(stuck, hidden & told)


def test_one_who_halts_is_not_stuck() -> None:
    time, along = passing(30.0, 1.0)
    halted = along - np.clip(time - HIDDEN[0], 0.0, 0.6)
    assert not find_stuck(halted, 30.0, SETTINGS).any()
    assert not find_stuck(along, 30.0, SETTINGS).any()


def test_who_steps_and_stops_is_not_stuck() -> None:
    time, _ = passing(60.0, 1.0)
    beats, share = np.divmod(time, 1.2)
    halting = 0.36 * (beats + np.clip(share / 0.7, 0.0, 1.0))
    assert not find_stuck(halting, 60.0, SETTINGS).any()


def test_missing_samples_neither_hide_nor_make_it() -> None:
    time, along = passing(30.0, 1.0)
    hidden = (time >= HIDDEN[0]) & (time <= HIDDEN[1])
    along = np.where(hidden, 2.3, along)
    along[[63, 70, 100]] = np.nan
    stuck = find_stuck(along, 30.0, SETTINGS)
    assert stuck[hidden].all()
    assert not stuck[~hidden].any()


def test_short_recordings_are_looked_at() -> None:
    assert find_stuck(np.array([0.0, 1.0, 2.0]), 30.0, SETTINGS).tolist() == [False] * 3


def filmed(name: str, fps: float = 30.0) -> tuple[Walk, xr.Dataset]:
    """A preset's walker overground, as an estimator sees it."""
    world = walk(PRESETS[name](fps=fps, strides=6, treadmill=False))
    poses = camera().to_poses(world)
    return world, observed(poses, noise_px=2.0, seed=3).poses


def with_bystander(poses: xr.Dataset, joints: Sequence[str] | None = None) -> xr.Dataset:
    """The same, with (some of) a standing person's joints while the walker passes behind."""
    position, _, names = arrays(poses)
    position = position.copy()
    theirs = [names.index(name) for name in joints or names]
    time = poses.time.values
    hidden = (time >= HIDDEN[0]) & (time <= HIDDEN[1])
    middle = position[np.searchsorted(time, np.mean(HIDDEN))]
    stands = middle.copy()
    stands[:, 0] = middle[:4, 0].mean() + np.tile([-20.0, 20.0], len(stands) // 2)
    position[np.ix_(hidden, theirs)] = stands[theirs]
    return with_position(poses, position)


def codes(analysis: GaitAnalysis) -> set[str]:
    return {finding.code for finding in analysis.quality}


@pytest.mark.parametrize("fps", [25.0, 60.0])
@pytest.mark.parametrize("name", sorted(PRESETS))
def test_no_walker_is_stuck(name: str, fps: float) -> None:
    _, poses = filmed(name, fps)
    assert "hidden-by-another" not in codes(analyze(poses, SUBJECT))


def test_what_a_bystander_hides_is_missing_and_spoils_nothing() -> None:
    world, poses = filmed("crouch")
    analysis = analyze(with_bystander(poses), SUBJECT)
    assert "hidden-by-another" in codes(analysis)
    time = analysis.angles["time"].to_numpy()
    hidden = (time >= HIDDEN[0]) & (time <= HIDDEN[1])
    knees = analysis.angles.sel(joint="knee").to_numpy()
    assert np.isnan(knees[hidden]).all()
    near = (time >= HIDDEN[0] - 0.1) & (time <= HIDDEN[1] + 0.1)
    assert np.isfinite(knees[~near]).all()
    cycles = used_cycles(analysis)
    assert not ((cycles["start_s"] < HIDDEN[1]) & (cycles["end_s"] > HIDDEN[0])).any()
    errors = [angle_errors(analysis, world, side, "knee") for side in ("left", "right")]
    assert np.sqrt(np.mean(np.square(np.concatenate(errors)))) < 3.0


@pytest.mark.parametrize(
    ("joints", "told"),
    [
        (("right_hip",), False),
        (("left_hip", "right_hip"), True),
        (("left_shoulder", "left_hip"), True),
        (("left_knee", "right_knee"), False),
    ],
)
def test_two_points_of_the_trunk_tell(joints: tuple[str, ...], told: bool) -> None:
    _, poses = filmed("healthy")
    analysis = analyze(with_bystander(poses, joints), SUBJECT)
    assert ("hidden-by-another" in codes(analysis)) is told
