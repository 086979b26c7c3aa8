"""A walk that is not seen from the side is told by the distance between the hips, and refused."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import xarray as xr

from gaitpose.errors import NoSubjectFound, NotEnoughCycles
from gaitpose.gait.analysis import analyze
from gaitpose.gait.result import GaitAnalysis
from gaitpose.gait.sagittal import SagittalSettings, make_sagittal
from gaitpose.gait.viewpoint import ViewpointSettings, degrees_off_side
from gaitpose.poses import poses_from_arrays
from gaitpose.skeleton import JOINTS
from gaitpose.subject import Subject
from gaitpose.synthetic.camera import PinholeCamera

from .seen_walks import LEG, walked

SETTINGS = ViewpointSettings()
SUBJECT = Subject(leg_length=LEG)
FPS = 60.0


def turned(degrees: float, *, treadmill: bool = True, distance: float = 10.0) -> np.ndarray:
    """Pixels (time, keypoints, 2) of a walk that is turned about the vertical before a camera."""
    truth = walked(fps=FPS, treadmill=treadmill)
    points = truth.position[:, [truth.keypoints.index(name) for name in JOINTS]]
    angle = np.radians(degrees)
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    middle = points.mean(axis=(0, 1)) * (1, 0, 1)
    pixels = PinholeCamera(distance=distance, fx=1500.0, fy=1500.0).project(
        (points - middle) @ turn
    )
    return pixels + np.random.default_rng(0).normal(0, 2.0, pixels.shape)


def poses_of(pixels: np.ndarray) -> xr.Dataset:
    """Poses in a picture of 1920 x 1080 px."""
    size = {"image_width": 1920, "image_height": 1080}
    return poses_from_arrays(pixels, FPS, JOINTS, "px", attributes=size)


def analysed(pixels: np.ndarray) -> GaitAnalysis:
    return analyze(poses_of(pixels), SUBJECT)


def upright(pixels: np.ndarray) -> np.ndarray:
    return pixels * (1, -1)


@pytest.mark.parametrize("degrees", [0, 15, -30, 45, -60, 90, 120, 165, 180])
@pytest.mark.parametrize("treadmill", [True, False])
def test_the_hips_tell_the_view(degrees: float, treadmill: bool) -> None:
    pixels = turned(degrees, treadmill=treadmill)
    off_side = min(abs(degrees), 180 - abs(degrees))
    found = degrees_off_side(upright(pixels), JOINTS, SETTINGS)
    assert found == pytest.approx(off_side, abs=10.0 if off_side == 90 else 4.0)


def test_exchanged_names_and_missing_joints_do_not_make_a_side_view_frontal() -> None:
    pixels = turned(0.0)
    rng = np.random.default_rng(1)
    exchanged = rng.random(len(pixels)) < 0.3
    hips = [JOINTS.index(f"{side}_hip") for side in ("left", "right")]
    pixels[np.ix_(exchanged, hips)] = pixels[np.ix_(exchanged, hips[::-1])]
    pixels[rng.random(pixels.shape[:2]) < 0.3] = np.nan
    assert degrees_off_side(upright(pixels), JOINTS, SETTINGS) < 3.0


def test_without_hips_nothing_is_told() -> None:
    pixels = turned(90.0)
    pixels[:, JOINTS.index("left_hip")] = np.nan
    assert np.isnan(degrees_off_side(upright(pixels), JOINTS, SETTINGS))


def test_who_walks_up_to_the_camera_is_as_frontal_far_as_near() -> None:
    pixels = turned(80.0, treadmill=False, distance=5.0)
    grown = np.ptp(pixels[..., 1], axis=1)
    assert grown.max() > 1.5 * grown.min()
    assert degrees_off_side(upright(pixels), JOINTS, SETTINGS) == pytest.approx(80.0, abs=8.0)


@pytest.mark.parametrize(
    ("degrees", "treadmill"), [(70, True), (-110, True), (75, False), (90, False)]
)
def test_a_frontal_walk_is_refused_with_the_reason(degrees: float, treadmill: bool) -> None:
    with pytest.raises(NotEnoughCycles, match=r"from the front or from behind .*[6-9]\d degrees"):
        analysed(turned(degrees, treadmill=treadmill))


def test_an_oblique_treadmill_is_warned_of_and_a_side_view_is_not() -> None:
    codes = {
        degrees: {finding.code: finding for finding in analysed(turned(degrees)).quality}
        for degrees in (0.0, 12.0, 45.0)
    }
    assert "not-from-the-side" not in codes[0.0]
    assert "not-from-the-side" not in codes[12.0]
    warning = codes[45.0]["not-from-the-side"]
    assert warning.severity == "warning"
    assert "In 1 of 1 passes" in warning.message
    told = int(warning.message.split("some ")[1].split()[0])
    assert told == pytest.approx(45, abs=4)


def test_frontal_passes_are_left_out_and_the_others_measured() -> None:
    side, front = turned(0.0, treadmill=False), turned(75.0, treadmill=False)
    motion = partial(make_sagittal, subject=SUBJECT)
    alone = motion(poses_of(side))
    both = motion(poses_of(np.concatenate([side, np.full((60, *side.shape[1:]), np.nan), front])))
    assert [(walk.start, walk.stop) for walk in both.passes] == [
        (walk.start, walk.stop) for walk in alone.passes
    ]
    reasons = {rest.reason: rest.start for rest in both.left_out}
    assert reasons["seen from the front or from behind"] > len(side)
    starts = [rest.start for rest in both.left_out]
    assert starts == sorted(starts)


def test_the_limits_are_settings() -> None:
    strict = SagittalSettings(viewpoint=ViewpointSettings(most_deg=20.0))
    with pytest.raises(NotEnoughCycles, match="from the front"):
        make_sagittal(poses_of(turned(45.0)), SUBJECT, None, strict)


def test_who_walks_straight_towards_the_camera_on_a_treadmill_is_not_said_to_stand_only() -> None:
    with pytest.raises(NoSubjectFound, match="stands, or walks straight towards the camera"):
        analysed(turned(90.0))
