"""NetCDF: poses as the ``movement`` package lays them out, so that each opens the other's files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import atomic_path, existing_file, one_line
from gaitpose.io.people import Individual, index_of
from gaitpose.poses import one_who_travels, poses_from_arrays, require_rate

_DIMS = ("time", "space", "keypoints", "individuals")


def write_poses(path: str | os.PathLike[str], poses: xr.Dataset) -> Path:
    """Write a poses dataset.

    Parameters
    ----------
    path : path
    poses : xarray.Dataset
        As :mod:`gaitpose.poses` describes.

    Returns
    -------
    pathlib.Path
        Where it was written.

    Notes
    -----
    Layout of movement 0.15 (``ds_type="poses"``, ``time_unit="seconds"``), netCDF 4. Positions are
    compressed; `None` among the attributes is left out, as netCDF has no such value.
    """
    written = poses.copy(deep=False)
    written.attrs = {key: value for key, value in poses.attrs.items() if value is not None}
    encoding = {str(name): {"zlib": True, "complevel": 4} for name in poses.data_vars}
    with atomic_path(path) as temporary:
        written.to_netcdf(temporary, engine="h5netcdf", encoding=encoding)
    return Path(path)


def read_poses(
    path: str | os.PathLike[str],
    *,
    fps: float | None = None,
    individual: Individual | None = None,
) -> xr.Dataset:
    """Read a poses dataset that gaitpose or movement wrote.

    Parameters
    ----------
    path : path
    fps : float, optional
        Needed only where the file counts time in frames.
    individual : int or str, optional
        Which person, by index or name; where not given, the one who travels farthest.

    Returns
    -------
    xarray.Dataset

    Raises
    ------
    UnreadableInput
        If it is not such a file, lacks a leg joint, or tells another frame rate.
    """
    path = existing_file(path)
    where = str(path)
    try:
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            stored = opened.load()
    except (OSError, ValueError, LookupError, RuntimeError) as error:
        raise UnreadableInput(
            f"this is not a netCDF 4 file ({one_line(error)})", where=where
        ) from error
    if "position" not in stored or set(stored["position"].dims) != set(_DIMS):
        raise UnreadableInput(
            f"there is no variable 'position' with dimensions {', '.join(_DIMS)}", where=where
        )
    told = stored.attrs.get("fps")
    require_rate(fps, None if told is None else float(told), where)
    person = _person(stored, individual, where)
    units = stored.attrs.get("units", "px" if stored.sizes["space"] == 2 else "m")
    in_seconds = stored.attrs.get("time_unit", "seconds") == "seconds"
    rate = fps if fps is not None else stored.attrs.get("fps")
    attributes = dict(person.attrs)
    for replaced in ("fps", "units", "time_unit", "ds_type"):
        attributes.pop(replaced, None)
    attributes["source_file"] = Path(str(attributes.get("source_file", ""))).name
    return poses_from_arrays(
        person["position"].transpose("time", "keypoints", "space").to_numpy(),
        None if rate is None else float(rate),
        [str(name) for name in person["keypoints"].to_numpy()],
        units,
        _confidence(person),
        times=stored["time"].to_numpy().astype(float) if in_seconds else None,
        individual=str(person["individuals"].item()),
        attributes=attributes,
    )


def _person(stored: xr.Dataset, individual: Individual | None, where: str) -> xr.Dataset:
    names = [str(name) for name in stored["individuals"].to_numpy()]
    if individual is None and {"left_hip", "right_hip"} <= set(stored["keypoints"].values):
        return one_who_travels(stored).isel(individuals=0)
    index = 0 if individual is None else index_of(individual, names, where)
    alone = {key: value for key, value in stored.attrs.items() if key != "others_who_travel"}
    return stored.isel(individuals=index).assign_attrs(alone)


def _confidence(person: xr.Dataset) -> np.ndarray | None:
    """Confidence as (time, keypoints); None where the file has none (movement writes NaN)."""
    if "confidence" not in person:
        return None
    confidence = person["confidence"].transpose("time", "keypoints").to_numpy()
    return None if np.isnan(confidence).all() else np.nan_to_num(confidence)
