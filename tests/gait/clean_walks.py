"""Walks of the oracle as clean sagittal motion, without the first half of the analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.gait.motion import Pass, SagittalMotion
from gaitpose.skeleton import JOINTS, KEYPOINTS
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.walker import Walk, walk

EDGE_S = 0.3
"""Events nearer than this to either end of a recording are not asked for."""


def simulated(fps: float = 100.0, strides: int = 5, **changes: object) -> Walk:
    """A walk of a few strides."""
    return walk(WalkerSettings(fps=fps, strides=strides, **changes))


def clean_motion(
    walked: Walk,
    *,
    dimensions: int = 2,
    feet: bool = False,
    noise: float = 0.0,
    seed: int = 0,
    **changes: object,
) -> SagittalMotion:
    """The walk as one pass; noise (standard deviation) in leg lengths."""
    names = list(KEYPOINTS if feet else JOINTS)
    position = walked.position[:, [walked.keypoints.index(name) for name in names], :dimensions]
    rng = np.random.default_rng(seed)
    position = position + rng.normal(size=position.shape) * noise * np.mean(walked.leg_lengths)
    return motion_of(position, names, walked.time, **changes)


def motion_of(
    position: np.ndarray, names: list[str], time: np.ndarray, **changes: object
) -> SagittalMotion:
    """Any points (time, keypoints, space) as one pass."""
    points = xr.DataArray(
        position.transpose(0, 2, 1),
        dims=("time", "space", "keypoints"),
        coords={"time": time, "space": list("xyz")[: position.shape[2]], "keypoints": names},
    )
    flags = xr.DataArray(
        np.isnan(position).any(axis=2),
        dims=("time", "keypoints"),
        coords={"time": time, "keypoints": names},
    )
    given = {
        "points": points,
        "unfiltered": points,
        "fps": float(1 / np.median(np.diff(time))),
        "input_frame": np.arange(len(time)),
        "passes": [Pass(0, len(time), 1, None)],
        "left_out": [],
        "interpolated": flags,
        "swapped": flags & False,
        "repaired": points,
        "surface": "overground",
        "scale": None,
        "floor_angle": 0.0,
        "units": "m",
    }
    return SagittalMotion(**{**given, **changes})  # type: ignore[arg-type]


def true_events(walked: Walk) -> pd.DataFrame:
    """Events that are far enough from both ends to be asked for."""
    first, last = walked.time[0] + EDGE_S, walked.time[-1] - EDGE_S
    return walked.events[walked.events.time_s.between(first, last)]


def event_errors(found: pd.DataFrame, walked: Walk, kind: str) -> np.ndarray:
    """Seconds from every true event of a kind to the nearest found one of its side."""
    errors = []
    for event in true_events(walked).itertuples():
        if event.kind != kind:
            continue
        same = found[(found.side == event.side) & (found.kind == kind)].time_s - event.time_s
        errors.append(same.iloc[same.abs().argmin()] if len(same) else np.inf)
    return np.array(errors)
