"""Apply a trained refiner to a file of trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import atomic_path
from gaitpose.io.kinect import Skeleton
from gaitpose.refine.features import leg_features, require_joints, resample_joints
from gaitpose.refine.recordings import read_skeletons
from gaitpose.refine.store import TrainedRefiner
from gaitpose.skeleton import SIDES

Progress = Callable[[int, int | None], None]
LEAST_FRAMES = 2


@dataclass(frozen=True)
class Applied:
    """What :func:`apply_to_file` did."""

    trials: int
    frames: int
    skipped: Mapping[str, str]


def refine_skeleton(model: TrainedRefiner, skeleton: Skeleton) -> xr.DataArray:
    """Refine one trial.

    Parameters
    ----------
    model : TrainedRefiner
        One that takes joints.
    skeleton : Skeleton

    Returns
    -------
    xarray.DataArray
        Dims ``time, side, joint``; degrees, on the input's own clock. NaN where the joints were
        missing for longer than the model bridges.

    Raises
    ------
    UnreadableInput
        If a needed joint is absent, or the model takes angles.
    """
    settings = model.features
    if settings is None:
        raise UnreadableInput(
            f"the refiner takes {model.kind}, not joints",
            where=skeleton.source,
            hint="Use one trained on joints",
        )
    require_joints(skeleton.joints, settings, skeleton.source)
    if len(skeleton.time) < LEAST_FRAMES:
        raise UnreadableInput(f"has {len(skeleton.time)} frames", where=skeleton.source)
    joints, clock, is_seen = resample_joints(skeleton.joints, skeleton.time, settings)
    sequences = [leg_features(joints, side, settings) for side in SIDES]
    refined = np.stack(model.refiner.predict(sequences), axis=1)
    refined[~is_seen] = np.nan
    angles = xr.DataArray(
        refined,
        dims=("time", "side", "joint"),
        coords={"time": clock, "side": list(SIDES), "joint": list(model.angles)},
        attrs={"units": "deg", "refined_by": model.kind},
    )
    return _on_clock(angles, skeleton.time)


def apply_to_file(
    model: TrainedRefiner,
    source: str | Path,
    out: str | Path,
    *,
    units: str | None = None,
    progress: Progress | None = None,
) -> Applied:
    """Refine every trial of a file into one CSV.

    Parameters
    ----------
    model : TrainedRefiner
    source : path
        See :func:`gaitpose.refine.recordings.read_skeletons`.
    out : path
        Columns ``trial, time_s`` and ``{side}_{angle}`` in degrees.
    units : {"m", "cm", "mm"}, optional
    progress : callable, optional
        Called with (trials done, None).

    Returns
    -------
    Applied

    Raises
    ------
    UnreadableInput
        If no trial can be refined; a damaged trial among good ones is left out and named.
    """
    tables: list[pd.DataFrame] = []
    skipped: dict[str, str] = {}
    first: UnreadableInput | None = None
    for number, (trial, read) in enumerate(read_skeletons(source, units=units)):
        try:
            angles = refine_skeleton(model, read())
        except UnreadableInput as error:
            skipped[trial] = error.what
            first = first or error
        else:
            tables.append(_table(trial, angles))
        if progress:
            progress(number + 1, None)
    if not tables:
        raise first or UnreadableInput("holds no trial", where=str(source))
    whole = pd.concat(tables, ignore_index=True)
    with atomic_path(Path(out)) as temporary:
        whole.to_csv(temporary, index=False, lineterminator="\n", float_format="%.4f")
    return Applied(len(tables), len(whole), skipped)


def _on_clock(angles: xr.DataArray, time: np.ndarray) -> xr.DataArray:
    clock = angles["time"].values
    flat = angles.values.reshape(len(clock), -1)
    columns = [np.interp(time, clock, flat[:, column]) for column in range(flat.shape[1])]
    values = np.stack(columns, axis=1).reshape(len(time), *angles.shape[1:])
    return xr.DataArray(
        values,
        dims=angles.dims,
        coords={"time": time, "side": angles["side"].values, "joint": angles["joint"].values},
        attrs=angles.attrs,
    )


def _table(trial: str, angles: xr.DataArray) -> pd.DataFrame:
    columns = {
        f"{side}_{joint}": angles.sel(side=side, joint=joint).values
        for side in angles["side"].values
        for joint in angles["joint"].values
    }
    return pd.DataFrame({"trial": trial, "time_s": angles["time"].values, **columns})
