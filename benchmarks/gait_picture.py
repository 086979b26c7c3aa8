"""From pixels to metres: cameras, exchanged legs, real joint centres, and how long it takes.

Writes ``gait_picture_cameras.csv`` (angles and lengths of an exact walk seen by tilted, oblique and
near cameras), ``gait_picture_legs.csv`` (which exchanged legs are put right),
``gait_picture_c3d.csv`` (joint centres of motion capture through a side camera against the file's
own knee angles; needs the shared recordings) and ``gait_picture_time.csv``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import ezc3d
import numpy as np
import xarray as xr

from _record import shared_data, write_csv
from gaitpose.gait.floor import FloorSettings
from gaitpose.gait.footholds import FootholdSettings
from gaitpose.gait.laterality import LateralitySettings
from gaitpose.gait.perspective import PerspectiveSettings
from gaitpose.gait.sagittal import SagittalMotion, SagittalSettings, make_sagittal
from gaitpose.kinematics.planar import sagittal_angles
from gaitpose.poses import poses_from_arrays
from gaitpose.subject import Subject
from gaitpose.synthetic.camera import PinholeCamera
from gaitpose.synthetic.observation import ObservationSettings, observe
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.walker import Walk, walk

LEG = 0.86
NEAR = {"x": 3.5, "fx": 1395.0, "fy": 1395.0, "width": 3600}
"""A camera at 4 m with a leg of 300 px."""

CAMERAS = {
    "4 m": {},
    "4 m, from the left": {"side": "left"},
    "4 m, roll 5": {"roll": 5.0},
    "4 m, fy 1.2 fx": {"fy": 1674.0},
    "4 m, pitch -3": {"pitch": -3.0},
    "20 m, pitch -5": {"distance": 20.0, "fx": 6975.0, "fy": 6975.0, "pitch": -5.0},
    "4 m, yaw 5": {"yaw": 5.0},
    "8 m, yaw 8": {"distance": 8.0, "fx": 2790.0, "fy": 2790.0, "yaw": 8.0},
    "8 m, roll 3, pitch -3, yaw 4": {
        "distance": 8.0,
        "fx": 2790.0,
        "fy": 2790.0,
        "roll": 3.0,
        "pitch": -3.0,
        "yaw": 4.0,
    },
}

UNCORRECTED = SagittalSettings(
    perspective=PerspectiveSettings(enabled=False), floor=FloorSettings(enabled=False)
)

ERRORS = {
    "none": {},
    "3 px, 5 % missed, 2 % single swaps": {"noise_px": 3, "missed": 0.05, "swaps": 0.02},
    "3 px, 5 % missed, 15 % in runs of 0.3 s": {
        "noise_px": 3,
        "missed": 0.05,
        "swaps": 0.15,
        "swap_run_s": 0.3,
    },
    "4 px, far leg hidden, 15 % in runs of 0.3 s": {
        "noise_px": 4,
        "missed": 0.05,
        "swaps": 0.15,
        "swap_run_s": 0.3,
        "far_side": "left",
        "occlusion_px": 25,
    },
    "3 px, 5 % missed, 45 % in runs of 1.5 s": {
        "noise_px": 3,
        "missed": 0.05,
        "swaps": 0.45,
        "swap_run_s": 1.5,
    },
}

FOOTHOLDS_NOT_ASKED = SagittalSettings(
    laterality=LateralitySettings(footholds=FootholdSettings(enabled=False))
)


FEET = {"under the hips": WalkerSettings().hip_width, "as usual": None}
"""How far apart they stand, metres: legs in parallel planes, and legs that lean."""


def errors_of(motion: SagittalMotion, truth: Walk, joint: str) -> np.ndarray:
    """Error of a joint's angle, degrees, (left and right, times)."""
    angles = sagittal_angles(motion.points)
    return np.stack(
        [
            angles.sel(side=side, joint=joint).values
            - np.interp(
                motion.points.time, truth.time, truth.angles.sel(side=side, joint=joint).values
            )
            for side in ("left", "right")
        ]
    )


def rmse(motion: SagittalMotion, truth: Walk, joint: str) -> float:
    return float(np.sqrt(np.nanmean(np.square(errors_of(motion, truth, joint)))))


def travel(motion: SagittalMotion) -> float:
    hips = motion.points.sel(keypoints=["left_hip", "right_hip"], space="x").mean("keypoints")
    part = motion.passes[0]
    return float(hips[part.stop - 1] - hips[part.start])


def cameras() -> Iterator[dict[str, object]]:
    for fps, (feet, width) in product((25, 50, 240), FEET.items()):
        truth = walk(WalkerSettings(fps=fps, step_width=width))
        way = float((truth.point("left_hip") + truth.point("right_hip"))[[0, -1], 0] @ [-0.5, 0.5])
        for name, changes in CAMERAS.items():
            poses = PinholeCamera(**{**NEAR, **changes}).to_poses(truth)
            motion = make_sagittal(poses, Subject(leg_length=LEG))
            plain = make_sagittal(poses, Subject(leg_length=LEG), settings=UNCORRECTED)
            yield {
                "camera": name,
                "feet": feet,
                "fps": fps,
                **{
                    f"{j}_rmse_deg": round(rmse(motion, truth, j), 3)
                    for j in ("hip", "knee", "trunk")
                },
                "hip_left_above_right_deg": round(
                    float(np.subtract(*np.nanmean(errors_of(motion, truth, "hip"), axis=1))), 2
                ),
                "knee_rmse_uncorrected_deg": round(rmse(plain, truth, "knee"), 3),
                "hip_rmse_uncorrected_deg": round(rmse(plain, truth, "hip"), 3),
                "roll_found_deg": round(motion.floor_angle, 3),
                "travel_error_percent": round(100 * abs(travel(motion) / way - 1), 3),
            }


def legs() -> Iterator[dict[str, object]]:
    for fps in (25, 30, 60, 120):
        truth = walk(WalkerSettings(fps=fps))
        exact = PinholeCamera(**NEAR).to_poses(truth)
        for name, errors in ERRORS.items():
            given = dict(errors)
            run = max(1.0, given.pop("swap_run_s", 0.0) * fps)
            for footholds, settings in (("yes", SagittalSettings()), ("no", FOOTHOLDS_NOT_ASKED)):
                found = [
                    _one(exact, truth, {**given, "swap_run": run}, seed, settings)
                    for seed in range(10)
                ]
                swapped, wrong, points, in_doubt, knees = np.array(found).T
                yield {
                    "errors": name,
                    "fps": fps,
                    "footholds_asked": footholds,
                    "walks": len(found),
                    "swapped_frames": int(swapped.sum()),
                    "wrongly_named_points_percent": round(100 * wrong.sum() / points.sum(), 4),
                    "walks_with_none": int((wrong == 0).sum()),
                    "walks_in_doubt": int(in_doubt.sum()),
                    "walks_with_some_not_in_doubt": int(((wrong > 0) & (in_doubt == 0)).sum()),
                    "knee_rmse_mean_deg": round(float(knees.mean()), 3),
                    "knee_rmse_largest_deg": round(float(knees.max()), 3),
                }


def _one(
    exact: xr.Dataset, truth: Walk, errors: dict, seed: int, settings: SagittalSettings
) -> tuple[float, ...]:
    """Count points whose names are wrong where it can be seen (farther than 5 % of the leg)."""
    seen = observe(exact, ObservationSettings(**errors), np.random.default_rng(seed))
    motion = make_sagittal(seen.poses, Subject(leg_length=LEG), settings=settings)
    names = [str(name) for name in exact.keypoints.values]
    points = exact.position.values[..., 0].transpose(0, 2, 1)
    swap = {"left": "right", "right": "left"}
    other = [names.index(swap[n.split("_")[0]] + "_" + n.split("_")[1]) for n in names]
    apart = np.linalg.norm(points - points[:, other], axis=2) > 15.0
    counted = apart & np.array(["shoulder" not in name for name in names])
    counted &= np.isfinite(seen.poses.position.values[:, 0, :, 0])
    wrong = (motion.swapped.values != seen.swapped[:, np.newaxis]) & counted
    in_doubt = any(finding.code == "laterality-uncertain" for finding in motion.findings)
    return (
        float(seen.swapped.sum()),
        float(wrong.sum()),
        float(counted.sum()),
        float(in_doubt),
        rmse(motion, truth, "knee"),
    )


def joint_centres(path: Path) -> tuple[np.ndarray, list[str], float, dict[str, np.ndarray]]:
    """Plug-in-Gait's own joint centres, x forward and y up in metres, and its knee angles."""
    file = ezc3d.c3d(str(path))
    point = file["parameters"]["POINT"]
    labels = list(point["LABELS"]["value"])
    values = file["data"]["points"][:3].transpose(2, 1, 0) / 1000.0
    ends = {"hip": "FEP", "knee": "FEO", "ankle": "TIO"}
    names = [f"{side}_{joint}" for side in ("left", "right") for joint in ends]
    columns = [labels.index(n[0].upper() + ends[n.split("_")[1]]) for n in names]
    centres = values[:, columns]
    travel = centres[-1].mean(axis=0) - centres[0].mean(axis=0)
    along = int(np.argmax(np.abs(travel[:2])))
    forward = centres[..., along] * np.sign(travel[along])
    right = centres[..., 1 - along] * np.sign(travel[along]) * (1.0 if along == 1 else -1.0)
    world = np.stack([forward, centres[..., 2], right], axis=-1)
    world -= np.array([world[..., 0].mean(), 0.0, world[..., 2].mean()])
    suffix = "AnglesV" if "LKneeAnglesV" in labels else "Angles"
    knees = {
        side: 1000.0 * values[:, labels.index(f"{side[0].upper()}Knee{suffix}"), 0]
        for side in ("left", "right")
    }
    return world, names, float(point["RATE"]["value"][0]), knees


def motion_capture() -> Iterator[dict[str, object]]:
    for path in sorted((shared_data() / "gait" / "plug_in_gait_c3d").glob("*.c3d")):
        world, names, fps, knees = joint_centres(path)
        for distance in (4.0, 10.0, 20.0):
            for near in ("left", "right"):
                focal = 300.0 * distance
                camera = PinholeCamera(distance=distance, side=near, fx=focal, fy=focal)
                size = {"image_width": camera.width, "image_height": camera.height_px}
                poses = poses_from_arrays(camera.project(world), fps, names, "px", attributes=size)
                angles = sagittal_angles(make_sagittal(poses).points).sel(joint="knee")
                for side in ("left", "right"):
                    off = angles.sel(side=side).values - knees[side]
                    yield {
                        "file": path.stem,
                        "camera_m": distance,
                        "leg": f"{side}, {'near' if side == near else 'far'}",
                        "knee_rmse_deg": round(float(np.sqrt(np.nanmean(off**2))), 2),
                        "knee_offset_deg": round(float(np.nanmean(off)), 2),
                    }


def how_long() -> Iterator[dict[str, object]]:
    truth = walk(WalkerSettings(fps=60, treadmill=True, strides=540))
    exact = PinholeCamera(x=0.0, fx=1395.0, fy=1395.0).to_poses(truth)
    errors = ObservationSettings(noise_px=3, missed=0.05, swaps=0.02)
    poses = observe(exact, errors, np.random.default_rng(0)).poses
    start = time.perf_counter()
    make_sagittal(poses, Subject(leg_length=LEG))
    seconds = time.perf_counter() - start
    yield {"frames": len(truth.time), "fps": 60, "seconds": round(seconds, 2)}


def main() -> None:
    write_csv("gait_picture_cameras", list(cameras()))
    write_csv("gait_picture_legs", list(legs()))
    write_csv("gait_picture_c3d", list(motion_capture()))
    write_csv("gait_picture_time", list(how_long()))


if __name__ == "__main__":
    main()
