"""DeepLabCut and Lightning Pose: tables with three or four header rows, as CSV or HDF5."""

from __future__ import annotations

import csv
import io
import os
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import existing_file, one_line
from gaitpose.io.people import Detections, Individual, poses_of_one

_LEVELS = (("scorer", "bodyparts", "coords"), ("scorer", "individuals", "bodyparts", "coords"))
_COORDINATES = ("x", "y", "likelihood")
_ONLY_ONE = "individual_0"

Column = tuple[str, str, str]
"""Individual, bodypart, coordinate."""


def read_deeplabcut(
    path: str | os.PathLike[str],
    *,
    fps: float | None = None,
    individual: Individual | None = None,
) -> xr.Dataset:
    """Read predictions of DeepLabCut or Lightning Pose.

    Parameters
    ----------
    path : path
        CSV with header rows scorer, (individuals,) bodyparts, coords; or the HDF5 file that
        DeepLabCut writes beside it.
    fps : float
        Frames per second of the video; the file does not tell it.
    individual : int or str, optional
        Which individual, see :func:`gaitpose.io.people.poses_of_one`.

    Returns
    -------
    xarray.Dataset
        Pixels.

    Raises
    ------
    UnreadableInput
        If the header is not of this form, a field is no number, coordinates are 3-D, or a leg
        joint is missing.
    """
    path = existing_file(path)
    where = str(path)
    columns, values = _read_hdf5(where) if h5py.is_hdf5(where) else _read_csv(path, where)
    coordinates = {coordinate for _, _, coordinate in columns}
    if "z" in coordinates:
        raise UnreadableInput(
            "3-D tables do not tell their unit", where=where, hint="Export a TRC file instead"
        )
    if not {"x", "y"} <= coordinates:
        raise UnreadableInput("there are no columns x and y", where=where)
    individuals = list(dict.fromkeys(column[0] for column in columns))
    bodyparts = list(dict.fromkeys(column[1] for column in columns))
    people = np.full((len(values), len(individuals), len(bodyparts), 3), np.nan)
    if "likelihood" not in coordinates:
        people[..., 2] = 1.0
    for index, (name, bodypart, coordinate) in enumerate(columns):
        if coordinate in _COORDINATES:
            at = (individuals.index(name), bodyparts.index(bodypart))
            people[:, at[0], at[1], _COORDINATES.index(coordinate)] = values[:, index]
    people[np.isnan(people[..., :2]).any(axis=3)] = (np.nan, np.nan, 0.0)
    detections = Detections(
        names=bodyparts,
        frames=list(people),
        identities=[individuals] * len(people),
        software="DeepLabCut",
    )
    return poses_of_one(detections, fps, individual, path.name)


def is_deeplabcut_csv(first_line: str) -> bool:
    """Tell from its first line whether a text file is such a table."""
    return first_line.split(",")[0].strip().lower() == "scorer"


def _read_csv(path: Path, where: str) -> tuple[list[Column], np.ndarray]:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        reader = csv.reader(file)
        head = [row for row, _ in zip(reader, range(4), strict=False)]
    levels = tuple(row[0].strip().lower() for row in head if row)
    header = next((names for names in _LEVELS if levels[: len(names)] == names), None)
    if header is None:
        raise UnreadableInput(
            "the header rows are not scorer, (individuals,) bodyparts, coords", where=where
        )
    rows = dict(zip(header, (row[1:] for row in head), strict=False))
    try:
        table = pd.read_csv(path, skiprows=len(header), header=None)
        table = table.iloc[:, 1:].astype(float)
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UnreadableInput(
            f"the table cannot be read ({one_line(error)})", where=where
        ) from error
    rows.setdefault("individuals", [_ONLY_ONE] * table.shape[1])
    widths = {len(row) for row in rows.values()}
    if widths != {table.shape[1]}:
        raise UnreadableInput(
            f"{table.shape[1]} columns do not fit the headings ({sorted(widths)})", where=where
        )
    columns = list(zip(rows["individuals"], rows["bodyparts"], rows["coords"], strict=True))
    return columns, table.to_numpy()


def _read_hdf5(where: str) -> tuple[list[Column], np.ndarray]:
    """Read a table that pandas wrote, in either of its two layouts, without PyTables."""
    try:
        labels, values = _pandas_frame(where)
    except (OSError, RuntimeError, LookupError, ValueError, TypeError) as error:
        raise UnreadableInput("the HDF5 file is damaged", where=where) from error
    if not labels or any(len(label) not in (3, 4) for label in labels):
        raise UnreadableInput(
            "the columns are not scorer, (individuals,) bodyparts, coords", where=where
        )
    columns = [
        (_ONLY_ONE, label[1], label[2]) if len(label) == 3 else (label[1], label[2], label[3])
        for label in labels
    ]
    return columns, values


def _pandas_frame(where: str) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """Column labels and values (rows, columns) of the first table in the file."""
    with h5py.File(where) as file:
        group = next((g for g in file.values() if _is_pandas_frame(g)), None)
        if group is None:
            raise UnreadableInput("the HDF5 file holds no table of DeepLabCut", where=where)
        return _from_table(group["table"]) if "table" in group else _from_fixed(group)


def _is_pandas_frame(group: Any) -> bool:
    return isinstance(group, h5py.Group) and bytes(group.attrs.get("pandas_type", b"")).startswith(
        b"frame"
    )


def _from_table(table: h5py.Dataset) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """Read layout ``format="table"``: blocks of values, their column labels in attributes."""
    labels: list[tuple[str, ...]] = []
    blocks = []
    records = table[()]
    for name in records.dtype.names:
        if name.startswith("values_block_"):
            block = records[name]
            blocks.append(block.reshape(len(block), -1).astype(float))
            labels += _plain_unpickle(bytes(table.attrs[f"{name}_kind"]))
    return [tuple(map(str, label)) for label in labels], np.hstack(blocks)


def _from_fixed(group: h5py.Group) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """Read layout ``format="fixed"``: blocks of values, their labels as codes into levels."""
    labels: list[tuple[str, ...]] = []
    blocks = []
    for number in range(int(group.attrs["nblocks"])):
        items = f"block{number}_items"
        levels = [
            np.char.decode(group[f"{items}_level{level}"][()], "utf-8")[
                group[f"{items}_label{level}"][()]
            ]
            for level in range(int(group.attrs[f"{items}_nlevels"]))
        ]
        labels += zip(*levels, strict=True)
        blocks.append(group[f"block{number}_values"][()].astype(float))
    return [tuple(map(str, label)) for label in labels], np.hstack(blocks)


class _PlainUnpickler(pickle.Unpickler):
    """Unpickles lists, tuples and texts only: pandas keeps column labels pickled in attributes.

    Any class or function named in the pickle is refused, so that a file cannot run code.
    """

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not a plain value")


def _plain_unpickle(content: bytes) -> Sequence[tuple[str, ...]]:
    try:
        labels = _PlainUnpickler(io.BytesIO(content)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, LookupError) as error:
        raise UnreadableInput(
            f"the column labels cannot be read ({one_line(error)})",
            hint="Give the CSV file instead",
        ) from error
    return labels if isinstance(labels, list) else []
