"""Refining files of other people: good trials, damaged ones, and files that are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.io import loadmat, savemat

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.refine.application import apply_to_file, refine_skeleton
from gaitpose.refine.bilstm import BiLSTMSettings
from gaitpose.refine.datasets import load_dataset
from gaitpose.refine.fusion import FusionRefiner, FusionSettings
from gaitpose.refine.pairs import arrays
from gaitpose.refine.recordings import read_skeletons
from gaitpose.refine.store import TrainedRefiner, trained

from .squats import chain, dataset, knee_curve

QUICK = FusionSettings(bilstm=BiLSTMSettings(steps=20, hidden=8, members=1))


@pytest.fixture(scope="module")
def model() -> TrainedRefiner:
    squats = dataset(people=3, repetitions=3)
    return trained(FusionRefiner(30.0, QUICK).fit(*arrays(squats.sequences)), squats)


def _trial(name: str, frames: int = 60, **changes) -> dict[str, np.ndarray]:
    knee = knee_curve(frames, 90.0)
    parts = chain(0.8 * 0.8 * knee, 0.8 * knee)
    # A file in degrees has some angle beyond two pi; so has every real one.
    return {
        f"{name}_kinect_position": changes.get("position", parts["position"]),
        f"{name}_kinect_angle": changes.get("angle", parts["angle"]),
    }


def test_every_trial_becomes_rows(model, tmp_path):
    source, out = tmp_path / "others.npz", tmp_path / "refined.csv"
    np.savez(source, **_trial("m01_s08_e01"), **_trial("m01_s09_e01", 45))
    done = apply_to_file(model, source, out)
    assert (done.trials, done.frames, done.skipped) == (2, 105, {})
    table = pd.read_csv(out)
    assert list(table.columns) == [
        "trial", "time_s", "left_hip_flexion", "left_knee_flexion", "right_hip_flexion",
        "right_knee_flexion",
    ]  # fmt: skip
    first = table[table["trial"] == "m01_s08_e01"]
    error = first["left_knee_flexion"] - knee_curve(60, 90.0)
    assert float(np.sqrt((error**2).mean())) < 6
    assert np.isclose(first["time_s"].iloc[-1], 59 / 30, atol=1e-4)


def test_a_damaged_trial_is_left_out_and_named(model, tmp_path):
    source = tmp_path / "others.npz"
    radians = {"angle": np.radians(_trial("x")["x_kinect_angle"])}
    metres = {"position": _trial("x")["x_kinect_position"] * 25}
    np.savez(source, **_trial("good"), **_trial("bad", **radians), **_trial("huge", **metres))
    done = apply_to_file(model, source, tmp_path / "out.csv")
    assert done.trials == 1
    assert "radians" in done.skipped["bad"]
    assert "thigh would be 10 m" in done.skipped["huge"]


def test_nothing_usable_is_an_error_and_leaves_no_file(model, tmp_path):
    source = tmp_path / "others.npz"
    radians = {"angle": np.radians(_trial("x")["x_kinect_angle"])}
    np.savez(source, **_trial("bad", **radians))
    with pytest.raises(UnreadableInput, match="bad: angles are at most"):
        apply_to_file(model, source, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_long_gaps_stay_missing(model, tmp_path):
    trial = _trial("t")
    trial["t_kinect_angle"][20:40] = np.nan
    source = tmp_path / "others.npz"
    np.savez(source, **trial)
    apply_to_file(model, source, tmp_path / "out.csv")
    knee = pd.read_csv(tmp_path / "out.csv")["left_knee_flexion"]
    assert knee[20:40].isna().all()
    assert knee[:20].notna().all()
    assert knee[40:].notna().all()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.npz", b"text", "no NumPy archive"),
        ("a.txt", b"text", "has ending .txt"),
        ("a.csv", b"time,x\n0,1\n1,2\n", "left_hip"),
    ],
)
def test_files_of_other_kinds(model, tmp_path, name, content, message):
    source = tmp_path / name
    source.write_bytes(content)
    with pytest.raises(UnreadableInput, match=message):
        apply_to_file(model, source, tmp_path / "out.csv")


def test_archive_without_trials_and_without_angles(model, tmp_path):
    source = tmp_path / "others.npz"
    np.savez(source, something=np.zeros(3))
    with pytest.raises(UnreadableInput, match="holds no trial"):
        apply_to_file(model, source, tmp_path / "out.csv")
    np.savez(source, t_kinect_position=np.zeros((5, 22, 3)))
    with pytest.raises(UnreadableInput, match="t_kinect_angle is absent"):
        apply_to_file(model, source, tmp_path / "out.csv")


def test_missing_joint_is_named(model, tmp_path):
    source = tmp_path / "others.npz"
    np.savez(source, **_trial("t"))
    ((_, read),) = read_skeletons(source)
    skeleton = read()
    del skeleton.joints["right_shoulder"]
    with pytest.raises(UnreadableInput, match="right_shoulder is absent"):
        refine_skeleton(model, skeleton)


def test_model_of_angles_takes_no_joints(model, tmp_path):
    from dataclasses import replace

    source = tmp_path / "others.npz"
    np.savez(source, **_trial("t"))
    ((_, read),) = read_skeletons(source)
    with pytest.raises(UnreadableInput, match="not joints"):
        refine_skeleton(replace(model, features=None), read())


def _cycles_file(path, pairs=2, cycles=32, scale=1.0):
    rng = np.random.default_rng(0)
    cells = np.empty((cycles, pairs), dtype=object)
    for number in range(cycles):
        phase = np.linspace(0, 2 * np.pi, int(rng.integers(90, 110)))
        angles = np.stack([30 - 25 * np.cos(phase + k / 3) for k in range(12)])
        for column in range(pairs):
            cells[number, column] = scale * (angles + (0 if column else 6))
    savemat(path, {"cycle_data": cells})
    return path


def test_cycles_of_angles_are_refined_by_a_refiner_of_such(model, tmp_path):
    data = load_dataset(_cycles_file(tmp_path / "cycles.mat"))
    of_cycles = trained(FusionRefiner(data.rate, QUICK).fit(*arrays(data.sequences)), data)
    # Without motion capture, as another laboratory would have them.
    alone = _cycles_file(tmp_path / "alone.mat", pairs=1, cycles=3)
    done = apply_to_file(of_cycles, alone, tmp_path / "out.csv")
    assert done.trials == 3
    table = pd.read_csv(tmp_path / "out.csv")
    first = loadmat(alone)["cycle_data"][0, 0][0]
    error = table.loc[table["trial"] == "cycle 1", "left_knee_flexion"] - (first - 6)
    assert float(np.sqrt((error**2).mean())) < 3
    with pytest.raises(UnreadableInput, match="takes squats, not Kinect V2 angles"):
        apply_to_file(model, alone, tmp_path / "no.csv")
    with pytest.raises(UnreadableInput, match="radians"):
        apply_to_file(
            of_cycles,
            _cycles_file(tmp_path / "r.mat", cycles=2, scale=np.pi / 180),
            tmp_path / "no.csv",
        )
    with pytest.raises(UnreadableInput, match="motion capture's angles are absent"):
        load_dataset(alone)


def test_units_that_are_none_are_refused(model, tmp_path):
    source = tmp_path / "others.npz"
    np.savez(source, **_trial("t"))
    with pytest.raises(BadSettings, match="'inch' is no unit of length"):
        apply_to_file(model, source, tmp_path / "out.csv", units="inch")
