"""Walks of the oracle as a camera, or a laboratory, would deliver them, and their errors."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import xarray as xr

from gaitpose.gait.sagittal import SagittalMotion
from gaitpose.kinematics.planar import sagittal_angles
from gaitpose.poses import poses_from_arrays
from gaitpose.synthetic.camera import PinholeCamera
from gaitpose.synthetic.observation import Observation, ObservationSettings, observe
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.walker import Walk, walk

LEG = 0.86
"""Leg length of the default walker, metres."""

FOCAL_300 = 1395.0
"""Focal length with which that leg is 300 px long at 4 m."""


PARALLEL = {"step_width": WalkerSettings().hip_width}
"""Feet as far apart as the hips: legs in planes across the view, which the method takes exactly."""


@lru_cache(maxsize=32)
def walked(**settings: object) -> Walk:
    """One simulated walk, of parallel legs unless asked; the same settings give the same object."""
    return walk(WalkerSettings(**{**PARALLEL, **settings}))


def camera(**changes: object) -> PinholeCamera:
    """A camera 4 m beside the middle of the default walk."""
    return PinholeCamera(**{"x": 3.5, "fx": FOCAL_300, "fy": FOCAL_300, "width": 3600, **changes})


def seen(settings: dict[str, object] | None = None, **changes: object) -> xr.Dataset:
    """Poses of a walk in the picture, without errors."""
    return camera(**changes).to_poses(walked(**(settings or {})))


def observed(poses: xr.Dataset, seed: int = 0, **errors: object) -> Observation:
    """Poses as an estimator would give them."""
    return observe(poses, ObservationSettings(**errors), np.random.default_rng(seed))


def arrays(poses: xr.Dataset) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Position (time, keypoints, space), confidence (time, keypoints) and names."""
    position = poses.position.isel(individuals=0).transpose("time", "keypoints", "space").values
    confidence = poses.confidence.isel(individuals=0).transpose("time", "keypoints").values
    return position, confidence, [str(name) for name in poses.keypoints.values]


def with_position(poses: xr.Dataset, position: np.ndarray, **attributes: object) -> xr.Dataset:
    """The same poses with other positions (time, keypoints, space)."""
    names = [str(name) for name in poses.keypoints.values]
    return poses_from_arrays(
        position,
        None,
        names,
        poses.attrs["units"],
        times=poses.time.values,
        attributes={**poses.attrs, **attributes},
    )


def angle_errors(motion: SagittalMotion, truth: Walk) -> dict[str, float]:
    """Root mean square error of each joint angle inside the passes, degrees."""
    angles = sagittal_angles(motion.points)
    time = motion.points.time.values
    errors = {}
    for joint in map(str, angles.joint.values):
        off = [
            angles.sel(side=side, joint=joint).values
            - np.interp(time, truth.time, truth.angles.sel(side=side, joint=joint).values)
            for side in ("left", "right")
        ]
        errors[joint] = float(np.sqrt(np.nanmean(np.square(off))))
    return errors
