from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from gaitpose.errors import GaitPoseError, NoSubjectFound, NotEnoughCycles
from gaitpose.gait.sagittal import SagittalMotion, SagittalSettings, make_sagittal
from gaitpose.kinematics.planar import sagittal_angles
from gaitpose.poses import poses_from_arrays
from gaitpose.skeleton import Side
from gaitpose.subject import Recording, Subject
from gaitpose.synthetic import presets
from gaitpose.synthetic.camera import variable_frame_times
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.walker import walk

from .seen_walks import (
    LEG,
    PARALLEL,
    angle_errors,
    arrays,
    camera,
    observed,
    seen,
    walked,
    with_position,
)

SUBJECT = Subject(leg_length=LEG)
FOOT_JOINTS = ("ankle",)


def made(poses: xr.Dataset, **changes: object) -> SagittalMotion:
    return make_sagittal(poses, SUBJECT, **changes)  # type: ignore[arg-type]


def codes(motion: SagittalMotion) -> set[str]:
    return {finding.code for finding in motion.findings}


def travel(motion: SagittalMotion) -> float:
    """Way of the mid-hip in the first pass."""
    part = motion.passes[0]
    hips = motion.points.sel(keypoints=["left_hip", "right_hip"], space="x").mean("keypoints")
    return float(hips[part.stop - 1] - hips[part.start])


def true_travel(settings: dict[str, object]) -> float:
    world = walked(**settings)
    return float((world.point("left_hip") + world.point("right_hip"))[[0, -1], 0] @ [-0.5, 0.5])


def same_angles(one: SagittalMotion, other: SagittalMotion, tolerance: float = 1e-6) -> None:
    np.testing.assert_allclose(
        sagittal_angles(one.points).values,
        sagittal_angles(other.points).values,
        atol=tolerance,
    )


# --- exact walks -------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [25, 29.97, 50, 120, 240])
@pytest.mark.parametrize("side", ["right", "left"])
def test_angles_and_lengths_of_an_exact_walk(fps: float, side: str) -> None:
    settings = {"fps": fps}
    motion = made(seen(settings, side=side))
    errors = angle_errors(motion, walked(**settings))
    assert all(error < 0.2 for joint, error in errors.items() if joint not in FOOT_JOINTS), errors
    assert travel(motion) == pytest.approx(true_travel(settings), rel=0.01)
    assert motion.units == "m"
    assert motion.surface == "overground"
    assert [(p.direction, p.near_side) for p in motion.passes] == [
        (1, "right") if side == "right" else (-1, "left")
    ]
    assert not motion.swapped.any()
    assert not motion.interpolated.any()


@pytest.mark.parametrize(
    "tilt",
    [
        {"roll": 5.0},
        {"roll": -5.0, "side": "left"},
        {"pitch": -5.0, "distance": 20.0, "fx": 6975.0, "fy": 6975.0},
        {"yaw": 4.0, "distance": 8.0, "fx": 2790.0, "fy": 2790.0},
        {"roll": 3.0, "pitch": 3.0, "distance": 12.0, "fx": 4185.0, "fy": 4185.0},
        {"fx": 1395.0, "fy": 1700.0, "roll": 0.0},
    ],
)
def test_tilted_cameras(tilt: dict[str, object]) -> None:
    motion = made(seen({"fps": 50}, **tilt))
    errors = angle_errors(motion, walked(fps=50))
    assert all(error < 0.2 for joint, error in errors.items() if joint not in FOOT_JOINTS), errors
    assert travel(motion) == pytest.approx(true_travel({"fps": 50}), rel=0.01)
    if "roll" in tilt:
        expected = -float(tilt["roll"])  # type: ignore[arg-type]
        assert motion.floor_angle == pytest.approx(expected, abs=0.1)


def test_a_picture_of_unknown_size() -> None:
    poses = seen({"fps": 50})
    for name in ("image_width", "image_height", "fx", "fy"):
        del poses.attrs[name]
    motion = made(poses)
    errors = angle_errors(motion, walked(fps=50))
    assert all(error < 0.4 for joint, error in errors.items() if joint not in FOOT_JOINTS), errors
    assert travel(motion) == pytest.approx(true_travel({"fps": 50}), rel=0.01)


@pytest.mark.parametrize("preset", ["hemiparetic", "stiff_knee", "crouch", "exoskeleton", "slow"])
def test_pathological_walks_keep_their_angles(preset: str) -> None:
    settings = {**dict(getattr(presets, preset)(fps=50)), **PARALLEL}
    motion = made(seen(settings, x=true_travel(settings) / 2))
    errors = angle_errors(motion, walked(**settings))
    assert all(error < 0.2 for joint, error in errors.items() if joint not in FOOT_JOINTS), errors


@pytest.mark.parametrize(
    ("distance", "largest"), [(4.0, {"hip": 0.25, "knee": 0.4}), (8.0, {"hip": 0.2, "knee": 0.3})]
)
def test_legs_lean_as_feet_stand_close_together(distance: float, largest: dict[str, float]) -> None:
    settings = {"fps": 50, "step_width": None}
    focal = {"fx": 350 * distance, "fy": 350 * distance}
    errors = angle_errors(made(seen(settings, distance=distance, **focal)), walked(**settings))
    assert all(errors[joint] < most for joint, most in largest.items()), errors


def test_uneven_frame_times() -> None:
    rng = np.random.default_rng(4)
    world = walked(fps=30)
    times = variable_frame_times(float(world.time[-1]), 30, 0.15, rng, dropped=0.02)
    uneven = walk(WalkerSettings(fps=30, **PARALLEL), times)
    motion = made(camera().to_poses(uneven))
    errors = angle_errors(motion, walked(fps=240))
    assert errors["knee"] < 0.4
    assert errors["hip"] < 0.25
    assert "uneven-frame-times" in codes(motion)
    assert np.allclose(np.diff(motion.points.time), 1 / motion.fps)
    off = np.abs(uneven.time[motion.input_frame] - motion.points.time.values)
    assert off.max() < 1.1 / motion.fps


@pytest.mark.parametrize("roll", [0.0, 4.0])
def test_treadmill(roll: float) -> None:
    settings = {"fps": 50, "treadmill": True, "strides": 10}
    motion = made(seen(settings, x=0.0, roll=roll))
    assert motion.surface == "treadmill"
    assert (motion.passes[0].start, motion.passes[0].stop) == (0, motion.points.sizes["time"])
    errors = angle_errors(motion, walked(**settings))
    assert all(error < 0.2 for joint, error in errors.items() if joint not in FOOT_JOINTS), errors
    assert made(seen(settings, x=0.0, side="left")).passes[0].direction == -1


def test_there_and_back() -> None:
    settings = {"fps": 50, "start": True, "stop": True, "turn": True, "standing_s": 1.0}
    motion = made(seen(settings, roll=3.0))
    assert [(p.direction, p.near_side) for p in motion.passes] == [(1, "right"), (-1, "left")]
    assert [part.reason for part in motion.left_out] == ["stands", "turns", "stands"]
    outside = np.ones(motion.points.sizes["time"], dtype=bool)
    for part in motion.passes:
        outside[part.start : part.stop] = False
    assert np.isnan(motion.points.values[outside]).all()
    errors = angle_errors(motion, walked(**settings))
    assert all(error < 0.2 for joint, error in errors.items() if joint not in FOOT_JOINTS), errors
    for part in motion.passes:
        hips = motion.points.sel(keypoints="left_hip", space="x").values[part.start : part.stop]
        assert (np.diff(hips) > 0).all()


# --- invariances -------------------------------------------------------------------------------


def test_a_mirrored_picture_gives_the_same_angles_with_sides_exchanged() -> None:
    poses = observed(seen({"fps": 30}), 0, noise_px=2, missed=0.03).poses
    position, confidence, names = arrays(poses)
    order = [
        names.index(n.replace("left", "*").replace("right", "left").replace("*", "right"))
        for n in names
    ]
    mirrored = poses_from_arrays(
        (position * [-1, 1] + [3599, 0])[:, order],
        None,
        names,
        "px",
        confidence[:, order],
        times=poses.time.values,
        attributes=poses.attrs,
    )
    one, other = made(poses), made(mirrored)
    angles = sagittal_angles(one.points)
    exchanged = sagittal_angles(other.points).sel(side=["right", "left"])
    np.testing.assert_allclose(angles.values, exchanged.values, atol=1e-6)
    assert other.passes[0].direction == -one.passes[0].direction
    assert travel(other) == pytest.approx(travel(one), rel=1e-9)


def test_a_larger_picture_gives_the_same_metres() -> None:
    poses = observed(seen({"fps": 30}), 0, noise_px=2, missed=0.03).poses
    position, _, _ = arrays(poses)
    attributes = {name: 2 * poses.attrs[name] for name in ("fx", "fy")}
    size = {name: 2 * poses.attrs[name] for name in ("image_width", "image_height")}
    middle = (np.array([3600, 1080]) - 1) / 2
    larger = (position - middle) * 2 + (np.array([7200, 2160]) - 1) / 2
    one, other = made(poses), made(with_position(poses, larger, **attributes, **size))
    np.testing.assert_allclose(one.points.values, other.points.values, atol=1e-6)


def test_a_later_start_gives_the_same_motion() -> None:
    poses = observed(seen({"fps": 30}), 0, noise_px=2).poses
    later = poses.assign_coords(time=poses.time + 12.5)
    one, other = made(poses), made(later)
    np.testing.assert_allclose(one.points.values, other.points.values, atol=1e-6)
    np.testing.assert_allclose(other.points.time, one.points.time + 12.5)


def laboratories() -> list[np.ndarray]:
    """Rotations to z-up, to y-down along the optical axis, and others."""
    y_up = np.eye(3)
    z_up = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], dtype=float)
    camera_frame = np.array([[0, 0, 1], [0, -1, 0], [1, 0, 0]], dtype=float)
    angle = np.radians(130)
    spun = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    return [y_up, z_up, camera_frame, spun, spun @ z_up]


@pytest.mark.parametrize("turn", laboratories())
@pytest.mark.parametrize("settings", [{"fps": 50}, {"fps": 50, "treadmill": True, "strides": 8}])
def test_every_laboratory_gives_the_same_result(
    turn: np.ndarray, settings: dict[str, object]
) -> None:
    assert np.linalg.det(turn) == pytest.approx(1.0)
    world = walked(**settings)
    motion = made(with_position(world.to_poses(), world.position @ turn))
    errors = angle_errors(motion, world)
    assert all(error < 0.2 for joint, error in errors.items() if joint not in FOOT_JOINTS), errors
    across = motion.points.sel(keypoints="right_hip", space="z") - motion.points.sel(
        keypoints="left_hip", space="z"
    )
    assert (across > 0.1).all()
    assert motion.passes[0].near_side is None
    assert motion.scale is not None
    assert motion.scale.source == "3-D"
    if motion.surface == "overground":
        assert travel(motion) == pytest.approx(true_travel(settings), rel=1e-3)


# --- what estimators do ------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [30, 60])
def test_the_promised_accuracy_on_a_noisy_walk(fps: float) -> None:
    settings = {"fps": fps}
    exact = seen(settings)
    for seed in range(2):
        seen_legs = observed(exact, seed, noise_px=3, missed=0.05, swaps=0.02)
        motion = made(seen_legs.poses)
        legs = [name for name in map(str, motion.swapped.keypoints.values) if "sh" not in name]
        repaired = motion.swapped.sel(keypoints=legs).values
        assert (repaired == seen_legs.swapped[:, np.newaxis]).all()
        assert angle_errors(motion, walked(**settings))["knee"] < 2.0
        assert travel(motion) == pytest.approx(true_travel(settings), rel=0.02)
        if seen_legs.swapped.any():
            assert "swaps-repaired" in codes(motion)


def test_without_a_size_lengths_come_in_leg_lengths() -> None:
    poses = seen({"fps": 30})
    motion = make_sagittal(poses)
    assert motion.units == "leg lengths"
    assert motion.scale is None
    assert "no-scale" in codes(motion)
    same_angles(motion, made(poses))
    assert travel(motion) == pytest.approx(true_travel({"fps": 30}) / LEG, rel=0.01)


def test_repaired_is_in_the_pixels_of_the_input() -> None:
    exact = seen({"fps": 30}, fx=1395.0, fy=1700.0)
    seen_legs = observed(exact, 0, missed=0.05, swaps=0.05)
    motion = made(seen_legs.poses)
    position, _, _ = arrays(exact)
    off = motion.repaired.transpose("time", "keypoints", "space").values - position
    assert np.nanpercentile(np.abs(off), 95) < 1.0
    assert motion.repaired.attrs["image_width"] == 3600


def test_everything_is_logged() -> None:
    motion = made(seen({"fps": 30}))
    log = json.loads(motion.points.attrs["log"])
    assert log[-1]["step"] == "make_sagittal"
    assert log[-1]["smoothing"]["cutoff_hz"] == 6.0
    assert log[-1]["cleaning"]["min_confidence"] == 0.3


def test_walking_backwards_is_told() -> None:
    poses = seen({"fps": 30})
    position, _, _ = arrays(poses)
    assert "walks-backwards" in codes(made(with_position(poses, position[::-1])))
    assert "walks-backwards" not in codes(made(poses))


def test_the_surface_can_be_given() -> None:
    poses = seen({"fps": 30, "treadmill": True, "strides": 8}, x=0.0)
    with pytest.raises(NotEnoughCycles):
        made(poses, recording=Recording(surface="overground"))
    assert made(poses, recording=Recording(surface="treadmill")).surface == "treadmill"


# --- bad input ---------------------------------------------------------------------------------


def spoiled(kind: str) -> xr.Dataset:
    poses = seen({"fps": 30})
    position, _, names = arrays(poses)
    if kind == "all missing":
        position[:] = np.nan
    elif kind == "no ankle":
        position[:, names.index("left_ankle")] = np.nan
    elif kind == "no hips":
        position[:, [names.index("left_hip"), names.index("right_hip")]] = np.nan
    elif kind == "constant":
        position[:] = position[50]
    elif kind == "sways":
        position[:] = position[50] + np.random.default_rng(0).normal(0, 2, position.shape)
    elif kind == "one frame seen":
        position[np.arange(len(position)) != 20] = np.nan
    return with_position(poses, position)


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("all missing", NoSubjectFound, "no joint"),
        ("no ankle", NotEnoughCycles, "left_ankle"),
        ("no hips", NoSubjectFound, "never seen"),
        ("constant", NoSubjectFound, "stands"),
        ("sways", NoSubjectFound, "stands"),
        ("one frame seen", GaitPoseError, "."),
    ],
)
def test_bad_input_is_refused_in_one_line(
    kind: str, error: type[GaitPoseError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        made(spoiled(kind))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("frames", [1, 2, 3, 29])
def test_a_few_frames_are_refused(frames: int) -> None:
    with pytest.raises(NotEnoughCycles, match=f"{frames} frames"):
        made(seen({"fps": 30}).isel(time=slice(0, frames)))


@pytest.mark.parametrize("seconds", [1.2, 1.6, 2.2])
def test_short_clips_do_not_crash(seconds: float) -> None:
    poses = observed(seen({"fps": 30}), 0, noise_px=3, missed=0.05).poses
    motion = made(poses.isel(time=slice(0, int(30 * seconds))))
    assert len(motion.passes) == 1


def test_settings_are_frozen_and_complete() -> None:
    dumped = SagittalSettings().model_dump()
    assert {"cleaning", "smoothing", "passes", "laterality", "floor", "scale"} <= set(dumped)
    with pytest.raises(ValueError, match="frozen"):
        SagittalSettings().shortest_s = 3.0  # type: ignore[misc]


def test_a_near_leg_that_is_never_whole_is_replaced_by_the_far_one() -> None:
    poses = seen({"fps": 30})
    position, _, names = arrays(poses)
    position[::2, names.index("right_knee")] = np.nan
    position[1::2, names.index("right_hip")] = np.nan
    without = with_position(poses, position)
    off = SagittalSettings().model_copy(
        update={"cleaning": SagittalSettings().cleaning.model_copy(update={"longest_gap_s": 0.0})}
    )
    motion = made(without, settings=off)
    assert motion.scale is not None
    expected = made(poses).scale
    assert expected is not None
    assert motion.scale.metres_per_px == pytest.approx(expected.metres_per_px, rel=0.06)


# --- motion capture ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ["PiG_Motion3_FF", "FunctionalWalk"])
@pytest.mark.parametrize("near", ["left", "right"])
def test_joint_centres_through_a_side_camera(name: str, near: Side, shared_data: Path) -> None:
    """Plug-in-Gait's joint centres, projected, give its own knee angles."""
    ezc3d = pytest.importorskip("ezc3d")
    file = ezc3d.c3d(str(shared_data / "gait" / "plug_in_gait_c3d" / f"{name}.c3d"))
    point = file["parameters"]["POINT"]
    labels = list(point["LABELS"]["value"])
    values = file["data"]["points"][:3].transpose(2, 1, 0)
    ends = {"hip": "FEP", "knee": "FEO", "ankle": "TIO"}
    names = [f"{side}_{joint}" for side in ("left", "right") for joint in ends]
    centres = values[:, [labels.index(n[0].upper() + ends[n.split("_")[1]]) for n in names]] / 1000
    along = 0 if name == "FunctionalWalk" else 1
    across = -centres[..., 1] if along == 0 else centres[..., 0]
    world = np.stack([centres[..., along], centres[..., 2], across], axis=-1)
    world -= [world[..., 0].mean(), 0.0, world[..., 2].mean()]
    view = camera(side=near, distance=10.0, fx=3000.0, fy=3000.0, x=0.0)
    size = {"image_width": view.width, "image_height": view.height_px}
    rate = float(point["RATE"]["value"][0])
    poses = poses_from_arrays(view.project(world), rate, names, "px", attributes=size)
    motion = made(poses)
    assert motion.passes[0].near_side == near
    knees = sagittal_angles(motion.points).sel(joint="knee")
    suffix = "AnglesV" if "LKneeAnglesV" in labels else "Angles"
    for side in ("left", "right"):
        own = values[:, labels.index(f"{side[0].upper()}Knee{suffix}"), 0]
        off = knees.sel(side=side).values - own
        assert np.sqrt(np.nanmean(off**2)) < 1.5
