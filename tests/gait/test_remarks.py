"""What is said about an analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gaitpose.gait.analysis import analyze
from gaitpose.gait.cycles import Cycle
from gaitpose.gait.motion import Pass
from gaitpose.gait.remarks import remark_on
from gaitpose.gait.result import GaitAnalysis
from gaitpose.gait.settings import PlacementSettings
from gaitpose.poses import poses_from_arrays
from gaitpose.skeleton import SIDES
from gaitpose.subject import Recording, Subject
from gaitpose.synthetic.camera import PinholeCamera
from gaitpose.synthetic.observation import ObservationSettings, observe
from gaitpose.synthetic.presets import PRESETS
from gaitpose.synthetic.walker import Walk, walk

from .clean_walks import clean_motion, simulated

PLACEMENT = PlacementSettings()
NOTHING = pd.DataFrame(columns=["name", "side", "mean"])


def _cycles(left: int, right: int, reason: str = "") -> list[Cycle]:
    return [
        Cycle(side, number, 0, number, number + 0.1, number + 0.5, number + 0.6, number + 1, reason)
        for side, count in (("left", left), ("right", right))
        for number in range(count)
    ]


def _codes(cycles: list[Cycle], fps: float = 100.0, **changes: object) -> dict[str, str]:
    motion = clean_motion(simulated(fps, strides=2), **changes)
    return {remark.code: remark.message for remark in remark_on(motion, cycles, NOTHING, PLACEMENT)}


def test_a_good_recording_in_space_needs_no_remark() -> None:
    assert _codes(_cycles(5, 5)) == {}


def test_no_cycle_is_an_error() -> None:
    motion = clean_motion(simulated(100, strides=2))
    (first, *_) = remark_on(
        motion, _cycles(2, 2, "uncertain events (quality 0.1)"), NOTHING, PLACEMENT
    )
    assert (first.code, first.severity) == ("no-cycles", "error")


def test_few_cycles_are_counted() -> None:
    assert "Only 2 left and 5 right cycles" in _codes(_cycles(2, 5))["few-cycles"]


def test_cycles_left_out_are_listed_with_their_reasons() -> None:
    cycles = [*_cycles(5, 5), *_cycles(2, 0, "implausible duration (3 s, usually 1 s)")]
    message = _codes(cycles)["cycles-left-out"]
    assert message == "2 of 12 cycles were left out (2 x implausible duration)."


def test_feet_at_the_lower_edge_are_named() -> None:
    pixels = clean_motion(simulated(100, strides=2)).points * 300.0
    pixels.loc[{"space": "y"}] *= -1
    lowest = float(pixels.sel(keypoints=["left_ankle", "right_ankle"], space="y").max())
    said = {}
    for below in (2.0, 30.0):
        pixels.attrs = {"image_width": 9000, "image_height": lowest + 1 + below}
        said[below] = _codes(_cycles(5, 5), repaired=pixels)
    assert "feet-cut-off" not in said[30.0]
    assert "Leave some floor below the feet" in said[2.0]["feet-cut-off"]


def test_a_coarse_frame_rate_is_named() -> None:
    assert "33 ms, or 3.3 % of a stride" in _codes(_cycles(5, 5), fps=30.0)["coarse-frame-rate"]


def test_the_far_leg_is_named() -> None:
    length = len(simulated(100, strides=2).time)
    one_way = _codes(_cycles(5, 5), passes=[Pass(0, length, 1, "right")])
    assert "left leg was away from the camera" in one_way["far-leg"]
    both = [Pass(0, length // 2, 1, "right"), Pass(length // 2, length, -1, "left")]
    assert "both ways" in _codes(_cycles(5, 5), passes=both)["far-leg"]


def test_low_phase_symmetry_is_named() -> None:
    summary = pd.DataFrame(
        [("phase_symmetry_index", "both", 0.8)], columns=["name", "side", "mean"]
    )
    motion = clean_motion(simulated(100, strides=2))
    (remark,) = remark_on(motion, _cycles(5, 5), summary, PLACEMENT)
    assert remark.code == "low-phase-symmetry"
    assert "0.80" in remark.message


def test_slow_motion_is_asked_about_and_slow_walking_is_not() -> None:
    for preset in PRESETS.values():
        assert "slow-motion" not in _played(walk(preset(fps=60.0)), 60.0)
    assert "slow-motion" in _played(walk(PRESETS["healthy"](fps=120.0)), 30.0)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5])
def test_a_camera_that_follows_is_told_and_can_be_allowed_for(share: float) -> None:
    world = walk(PRESETS["healthy"](fps=50.0))
    hips = np.mean([world.point(f"{side}_hip")[:, 0] for side in SIDES], axis=0)
    middle = (hips.min() + hips.max()) / 2
    cameras = [
        PinholeCamera(distance=9.0, x=float(middle + share * (x - middle)), fx=1500.0, fy=1500.0)
        for x in hips
    ]
    pictures = [c.project(frame) for c, frame in zip(cameras, world.position, strict=True)]
    size = {"image_width": 1920, "image_height": 1080}
    poses = poses_from_arrays(np.array(pictures), 50.0, world.keypoints, "px", attributes=size)
    as_seen = analyze(poses, Subject(leg_length=0.86))
    told = [finding for finding in as_seen.quality if finding.code == "camera-moves"]
    assert len(told) == (share > 0)
    if told:
        assert f"{share:.0%} too small" in told[0].message
        true = float(world.strides.loc[world.strides.steady, "speed"].mean())
        on_a_belt = analyze(poses, Subject(leg_length=0.86), Recording(surface="treadmill"))
        assert _speed(on_a_belt) == pytest.approx(true, rel=0.01)
        assert _speed(as_seen) == pytest.approx((1 - share) * true, rel=0.03)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_camera_that_stands_is_not_said_to_follow(preset: str) -> None:
    world = walk(PRESETS[preset](fps=30.0))
    hip = world.point("left_hip")[:, 0]
    middle = float((hip.min() + hip.max()) / 2)
    seen = PinholeCamera(distance=6.0, x=middle, fx=1500.0, fy=1500.0, width=4200).to_poses(world)
    for seed in range(3):
        noisy = observe(seen, ObservationSettings(noise_px=3.0), np.random.default_rng(seed)).poses
        codes = {finding.code for finding in analyze(noisy, Subject(leg_length=0.86)).quality}
        assert "camera-moves" not in codes


def _speed(analysis: GaitAnalysis) -> float:
    summary = analysis.summary.set_index(["name", "side"])
    return float(summary.loc[("speed", "both"), "mean"])


def _played(world: Walk, stored_fps: float) -> set[str]:
    """Codes of what is found in a walk, of a subject of unknown size, that is played too slowly."""
    shown = world.to_poses()
    position = shown.position.isel(individuals=0).transpose("time", "keypoints", "space").values
    names = [str(name) for name in shown.keypoints.values]
    poses = poses_from_arrays(position, stored_fps, names, "m")
    return {finding.code for finding in analyze(poses).quality}
