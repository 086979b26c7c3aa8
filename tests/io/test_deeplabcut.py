from __future__ import annotations

import os
import pickle
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.deeplabcut import is_deeplabcut_csv, read_deeplabcut
from gaitpose.skeleton import KEYPOINTS

PARTS = ("nose", *KEYPOINTS)


def table(
    figures: dict[str, np.ndarray], *, with_individuals: bool, likelihood: float | None = 0.7
):
    """Lay out figures (frames, keypoints, 2) as DeepLabCut does."""
    columns, values = [], []
    for name, figure in figures.items():
        for part in PARTS:
            points = figure[:, KEYPOINTS.index(part)] if part in KEYPOINTS else figure[:, 0] + 1
            coordinates = {"x": points[:, 0], "y": points[:, 1]}
            if likelihood is not None:
                coordinates["likelihood"] = np.full(len(points), likelihood)
            for coordinate, column in coordinates.items():
                labels = ("DLC", name, part, coordinate)
                columns.append(labels if with_individuals else (labels[0], *labels[2:]))
                values.append(column)
    levels = ["scorer", "individuals", "bodyparts", "coords"]
    if not with_individuals:
        levels.remove("individuals")
    return pd.DataFrame(
        np.column_stack(values), columns=pd.MultiIndex.from_tuples(columns, names=levels)
    )


def write_hdf5(path: Path, frame: pd.DataFrame, layout: str, labels: bytes | None = None) -> Path:
    """Write a table with the structure that pandas gives it, which needs PyTables for it."""
    columns = list(frame.columns)
    with h5py.File(path, "w") as file:
        group = file.create_group("df_with_missing")
        if layout == "table":
            group.attrs["pandas_type"] = np.bytes_(b"frame_table")
            fields = np.dtype([("index", "<i8"), ("values_block_0", "<f8", (len(columns),))])
            records = np.zeros(len(frame), fields)
            records["values_block_0"] = frame.to_numpy()
            stored = group.create_dataset("table", data=records)
            stored.attrs["values_block_0_kind"] = np.bytes_(labels or pickle.dumps(columns, 0))
            return path
        group.attrs["pandas_type"] = np.bytes_(b"frame")
        group.attrs["nblocks"] = 1
        group.attrs["block0_items_nlevels"] = frame.columns.nlevels
        group["block0_values"] = frame.to_numpy()
        for level in range(frame.columns.nlevels):
            names = [column[level] for column in columns]
            distinct = sorted(set(names))
            group[f"block0_items_level{level}"] = np.array(distinct, dtype="S")
            group[f"block0_items_label{level}"] = np.array([distinct.index(n) for n in names], "i1")
    return path


def coordinates(poses) -> np.ndarray:
    return (
        poses["position"].squeeze("individuals").transpose("time", "keypoints", "space").to_numpy()
    )


@pytest.mark.parametrize("kind", ["csv", "table", "fixed"])
def test_one_individual(tmp_path: Path, stick_figure, kind: str) -> None:
    walker = stick_figure(frames=8)
    walker[3, 4] = np.nan
    frame = table({"a": walker}, with_individuals=False)
    path = tmp_path / "walkDLC"
    if kind == "csv":
        frame.to_csv(path)
    else:
        write_hdf5(path, frame, kind)
    poses = read_deeplabcut(path, fps=120)
    np.testing.assert_allclose(coordinates(poses), walker)
    confidence = poses["confidence"].to_numpy()
    assert confidence[3, 4] == 0
    assert np.sort(np.unique(confidence)).tolist() == [0, 0.7]
    assert poses.attrs["source_software"] == "DeepLabCut"
    assert poses.attrs["fps"] == 120


@pytest.mark.parametrize("kind", ["csv", "table", "fixed"])
def test_several_individuals(tmp_path: Path, stick_figure, kind: str) -> None:
    figures = {"Bert": stick_figure(speed=0), "Anna": stick_figure(speed=5)}
    frame = table(figures, with_individuals=True)
    path = tmp_path / "walkDLC"
    if kind == "csv":
        frame.to_csv(path)
    else:
        write_hdf5(path, frame, kind)
    np.testing.assert_allclose(coordinates(read_deeplabcut(path, fps=30)), figures["Anna"])
    asked = read_deeplabcut(path, fps=30, individual="Bert")
    np.testing.assert_allclose(coordinates(asked), figures["Bert"])


def test_labelled_data_without_likelihood(tmp_path: Path, stick_figure) -> None:
    walker = stick_figure(frames=6)
    frame = table({"a": walker}, with_individuals=False, likelihood=None)
    frame.index = [f"labeled-data/walk/img{i:03d}.png" for i in range(6)]
    frame.to_csv(tmp_path / "labels.csv")
    poses = read_deeplabcut(tmp_path / "labels.csv", fps=30)
    np.testing.assert_allclose(coordinates(poses), walker)
    np.testing.assert_array_equal(poses["confidence"], 1)


def test_first_row_without_values(tmp_path: Path, stick_figure) -> None:
    walker = stick_figure(frames=6)
    walker[0] = np.nan
    table({"a": walker}, with_individuals=False).to_csv(tmp_path / "a.csv")
    np.testing.assert_allclose(coordinates(read_deeplabcut(tmp_path / "a.csv", fps=30)), walker)


def test_what_pandas_itself_writes(tmp_path: Path, stick_figure) -> None:
    pytest.importorskip("tables", reason="writing with pandas needs PyTables")
    figures = {"Bert": stick_figure(speed=0), "Anna": stick_figure(speed=5)}
    for layout in ("table", "fixed"):
        path = tmp_path / f"{layout}.h5"
        frame = table(figures, with_individuals=True)
        frame.to_hdf(path, key="df_with_missing", format=layout, mode="w")
        np.testing.assert_allclose(coordinates(read_deeplabcut(path, fps=30)), figures["Anna"])


class _Harmful:
    def __reduce__(self):
        return os.mkdir, ("broken_into",)


def test_a_pickle_that_calls_code_is_refused(tmp_path: Path, stick_figure, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    frame = table({"a": stick_figure(frames=3)}, with_individuals=False)
    path = write_hdf5(tmp_path / "a.h5", frame, "table", pickle.dumps([_Harmful()], 0))
    with pytest.raises(UnreadableInput, match=r"is not a plain value.*CSV"):
        read_deeplabcut(path, fps=30)
    assert not (tmp_path / "broken_into").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "header rows are not scorer"),
        ("scorer,D,D\nbodyparts,h,h\ncoords,x,y\n", r"a\.csv: the table cannot be read"),
        ("scorer,D,D\nbodyparts,h,h\ncoords,x,y\n0,1,left\n", "the table cannot be read .*left"),
        ("scorer,D,D\nbodyparts,h,h\ncoords,x,y\n0,1,2,3\n", "3 columns do not fit the headings"),
        (
            "scorer,D,D,D\nbodyparts,h,h,h\ncoords,x,y,z\n0,1,2,3\n",
            "3-D tables do not tell their unit",
        ),
        ("scorer,D,D\nbodyparts,h,h\ncoords,u,v\n0,1,2\n", "no columns x and y"),
        ("scorer,D,D\nbodyparts,h,h\ncoords,x,y\n0,1,2\n", "needed joint left_hip, right_hip"),
    ],
)
def test_bad_files_are_named_with_their_fault(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(UnreadableInput, match=message):
        read_deeplabcut(tmp_path / "a.csv", fps=30)


def test_other_hdf5_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["numbers"] = np.arange(3)
    with pytest.raises(UnreadableInput, match=r"a\.h5: .* no table of DeepLabCut"):
        read_deeplabcut(tmp_path / "a.h5", fps=30)


def test_first_line() -> None:
    assert is_deeplabcut_csv("scorer,DLC_resnet50,DLC_resnet50")
    assert not is_deeplabcut_csv("time,x,y")
