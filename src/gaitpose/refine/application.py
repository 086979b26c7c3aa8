"""Apply a trained refiner to a file of trials."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import atomic_path, existing_file
from gaitpose.io.kinect import Skeleton
from gaitpose.refine.cycles import KIND, NAMES, WalkingCycle, cycle_features, read_cycles
from gaitpose.refine.features import leg_features, require_joints, resample_joints
from gaitpose.refine.recordings import Trial, read_skeletons
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
    angles = _predict(model, clock, [leg_features(joints, side, settings) for side in SIDES])
    angles.values[~is_seen] = np.nan
    return _on_clock(angles, skeleton.time)


def refine_cycle(model: TrainedRefiner, cycle: WalkingCycle, where: str) -> xr.DataArray:
    """Refine one walking cycle that is given as angles; as :func:`refine_skeleton`.

    The clock assumes the rate of the training: the files do not tell one.
    """
    if model.features is not None or model.feature_names != NAMES:
        raise UnreadableInput(
            f"the refiner takes {model.kind}, not {KIND}",
            where=f"{where}, {cycle.name}",
            hint="Use one trained on such cycles",
        )
    clock = np.arange(len(cycle.kinect)) / model.refiner.rate
    return _predict(model, clock, [cycle_features(cycle.kinect, side) for side in SIDES])


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
        See :func:`gaitpose.refine.recordings.read_skeletons`; ``.mat`` of walking cycles for a
        refiner that was trained on such.
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
    for number, (trial, refine) in enumerate(_trials(model, Path(source), units)):
        try:
            angles = refine()
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


def _trials(
    model: TrainedRefiner, source: Path, units: str | None
) -> Iterator[tuple[str, Callable[[], xr.DataArray]]]:
    if source.suffix.lower() == ".mat":
        for cycle in read_cycles(existing_file(source)):
            yield cycle.name, partial(refine_cycle, model, cycle, str(source))
        return
    for trial, read in read_skeletons(source, units=units):
        yield trial, partial(_read_and_refine, model, read)


def _read_and_refine(model: TrainedRefiner, read: Trial) -> xr.DataArray:
    return refine_skeleton(model, read())


def _predict(model: TrainedRefiner, clock: np.ndarray, legs: list[np.ndarray]) -> xr.DataArray:
    return xr.DataArray(
        np.stack(model.refiner.predict(legs), axis=1),
        dims=("time", "side", "joint"),
        coords={"time": clock, "side": list(SIDES), "joint": list(model.angles)},
        attrs={"units": "deg", "refined_by": model.kind},
    )


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
