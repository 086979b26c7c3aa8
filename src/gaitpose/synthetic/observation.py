"""What a pose estimator makes of the picture: noise, gaps, exchanged legs, hidden joints, outliers.

Errors are drawn independently of the walk's truth and are returned with the poses, so that a repair
can be judged frame by frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gaitpose.errors import BadSettings
from gaitpose.poses import poses_from_arrays
from gaitpose.skeleton import Side, mirrored

LEG_PARTS = ("hip", "knee", "ankle", "heel", "toe")


class ObservationSettings(BaseModel):
    """Errors of the simulated pose estimator; all off by default.

    Parameters
    ----------
    noise_px : float
        Standard deviation of each coordinate, pixels.
    missed : float
        Share of joints that are missing (NaN, confidence 0).
    swaps : float
        Share of frames in which all points of the left and right leg are exchanged.
    swap_run : float
        Mean length of a run of such frames; 1 makes them isolated.
    outliers : float
        Share of joints that are far off.
    outlier_px : float
        How far, pixels.
    far_side : {"left", "right"}, optional
        The leg away from the camera, for occlusion.
    occlusion_px : float
        A far joint is hidden while it is nearer than this to a bone of the near leg, pixels.
    occluded_missed : float
        Share of hidden joints that are missing.
    occluded_noise : float
        Noise of the other hidden joints, times ``noise_px``.
    confidence_px : float
        Error at which confidence has fallen to 0.6 (one standard deviation of a bell), pixels.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    noise_px: float = Field(default=0.0, ge=0)
    missed: float = Field(default=0.0, ge=0, lt=1)
    swaps: float = Field(default=0.0, ge=0, le=0.5)
    swap_run: float = Field(default=1.0, ge=1)
    outliers: float = Field(default=0.0, ge=0, lt=1)
    outlier_px: float = Field(default=60.0, ge=0)
    far_side: Side | None = None
    occlusion_px: float = Field(default=12.0, ge=0)
    occluded_missed: float = Field(default=0.5, ge=0, le=1)
    occluded_noise: float = Field(default=3.0, ge=0)
    confidence_px: float = Field(default=15.0, gt=0)

    def __init__(self, **given: object) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "observation"
            raise BadSettings(str(first["msg"]), where=field) from error


@dataclass(frozen=True)
class Observation:
    """Poses with errors, and which errors they are.

    Parameters
    ----------
    poses : xarray.Dataset
        As an estimator would give them.
    swapped : array of bool, (time,)
        Frames in which the legs are exchanged.
    missing, outlier, occluded : array of bool, (time, keypoints)
        Masks by the label that the estimator gave (after any exchange).
    """

    poses: xr.Dataset
    swapped: np.ndarray
    missing: np.ndarray
    outlier: np.ndarray
    occluded: np.ndarray


def observe(
    poses: xr.Dataset, settings: ObservationSettings, rng: np.random.Generator
) -> Observation:
    """Add an estimator's errors to exact poses in pixels.

    Parameters
    ----------
    poses : xarray.Dataset
        From :meth:`gaitpose.synthetic.camera.PinholeCamera.to_poses`.
    settings : ObservationSettings
    rng : numpy.random.Generator
        The only source of chance: the same state gives the same errors.

    Returns
    -------
    Observation
    """
    names = [str(name) for name in poses["keypoints"].values]
    exact = poses["position"].values[..., 0].transpose(0, 2, 1)
    shape = exact.shape[:2]
    occluded = _occluded(exact, names, settings)
    spread = settings.noise_px * np.where(occluded, settings.occluded_noise, 1.0)
    error = rng.normal(size=exact.shape) * spread[..., np.newaxis]
    outlier = rng.random(shape) < settings.outliers
    direction = rng.uniform(0, 2 * np.pi, shape)
    away = settings.outlier_px * np.stack([np.cos(direction), np.sin(direction)], axis=-1)
    error = np.where(outlier[..., np.newaxis], away, error)
    missing = rng.random(shape) < settings.missed
    missing |= occluded & (rng.random(shape) < settings.occluded_missed)
    swapped = _swapped_frames(shape[0], settings, rng)

    seen = np.where(missing[..., np.newaxis], np.nan, exact + error)
    confidence = np.exp(-0.5 * (error**2).sum(axis=-1) / settings.confidence_px**2)
    confidence = confidence * np.where(occluded, 0.6, 1.0) * rng.uniform(0.85, 1.0, shape)
    confidence = np.where(missing, 0.0, confidence)
    order = np.tile(np.arange(len(names)), (shape[0], 1))
    order[swapped] = _exchanged(names)
    rows = np.arange(shape[0])[:, np.newaxis]
    dataset = poses_from_arrays(
        seen[rows, order],
        None,
        names,
        "px",
        confidence[rows, order],
        times=poses["time"].values,
        attributes=poses.attrs,
    )
    return Observation(
        dataset, swapped, missing[rows, order], outlier[rows, order], occluded[rows, order]
    )


def _exchanged(names: list[str]) -> np.ndarray:
    """Index of the point that is shown under each name when the legs are exchanged."""
    legs = [name.split("_")[-1] in LEG_PARTS for name in names]
    return np.array(
        [
            names.index(mirrored(name)) if is_leg else index
            for index, (name, is_leg) in enumerate(zip(names, legs, strict=True))
        ]
    )


def _swapped_frames(
    count: int, settings: ObservationSettings, rng: np.random.Generator
) -> np.ndarray:
    """Draw runs of exchanged frames: a two-state chain with the asked share and mean run length."""
    if settings.swaps == 0:
        return np.zeros(count, dtype=bool)
    leave = 1 / settings.swap_run
    enter = leave * settings.swaps / (1 - settings.swaps)
    draws = rng.random(count)
    state = np.empty(count, dtype=bool)
    state[0] = draws[0] < settings.swaps
    for index in range(1, count):
        state[index] = draws[index] >= leave if state[index - 1] else draws[index] < enter
    return state


def _occluded(exact: np.ndarray, names: list[str], settings: ObservationSettings) -> np.ndarray:
    """Joints of the far leg that lie behind a bone of the near one."""
    hidden = np.zeros(exact.shape[:2], dtype=bool)
    if settings.far_side is None:
        return hidden
    near = mirrored(f"{settings.far_side}_").rstrip("_")
    chain = [part for part in ("hip", "knee", "ankle") if f"{near}_{part}" in names]
    for part in LEG_PARTS:
        name = f"{settings.far_side}_{part}"
        if name not in names:
            continue
        column = names.index(name)
        for upper, lower in pairwise(chain):
            start, end = (exact[:, names.index(f"{near}_{end}")] for end in (upper, lower))
            distance = _distance_to_segment(exact[:, column], start, end)
            hidden[:, column] |= distance < settings.occlusion_px
    return hidden


def _distance_to_segment(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    along = end - start
    share = ((point - start) * along).sum(axis=-1) / (along**2).sum(axis=-1)
    nearest = start + np.clip(share, 0, 1)[..., np.newaxis] * along
    return np.asarray(np.linalg.norm(point - nearest, axis=-1))
