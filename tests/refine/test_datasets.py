"""The three kinds of shared recordings, as they are read; and files that are none of them."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.refine.datasets import DatasetSettings, foot_strikes, load_dataset


def test_walking_cycles(shared_data):
    data = load_dataset(shared_data / "gait" / "kinect_vicon_walking_cycles" / "cycle_data.mat")
    assert data.subjects == ["A", "B"]
    assert len(data.sequences) == 64
    assert data.sequences[0].features.shape[1] == len(data.feature_names)
    error = np.concatenate([one.own - one.target for one in data.sequences])
    # As measured elsewhere: raw knee 12-13, hip 11.5.
    assert np.sqrt(np.mean(error**2, axis=0)) == pytest.approx([11.5, 12.6], abs=0.2)


def test_strikes_are_where_the_heel_is_furthest_ahead():
    time = np.arange(1000) / 200
    walked = np.zeros((1000, 3))
    walked[:, 0] = 1.2 * time
    swing = 0.35 * np.cos(2 * np.pi * (time - 0.4) / 1.1)
    spines = {
        "LASI": (0.1, -0.12),
        "RASI": (0.1, 0.12),
        "LPSI": (-0.1, -0.05),
        "RPSI": (-0.1, 0.05),
    }
    markers = {name: walked + np.array([x, 1.0, z]) for name, (x, z) in spines.items()}
    markers["LHEE"] = walked + np.stack([swing, 0 * time, 0 * time - 0.1], axis=1)
    found = foot_strikes(markers, "left") / 200
    np.testing.assert_allclose(found, [0.4, 1.5, 2.6, 3.7, 4.8], atol=0.006)
    standing = {name: path - walked for name, path in markers.items() if name != "LHEE"}
    assert len(foot_strikes({**standing, "LHEE": np.zeros((1000, 3))}, "left")) == 0


@pytest.mark.slow
def test_walking(shared_data):
    data = load_dataset(shared_data / "gait" / "video3d_vicon_walking" / "walking.npz")
    assert data.subjects == ["F1", "F2", "F5", "M1", "M4", "M6"]
    assert "not locked" in data.skipped["M6Gang4"]
    assert "exchanged" in data.skipped["M1Gang20"]
    assert "LTIB" in data.skipped["M1Gang16"]
    targets = np.concatenate([one.target for one in data.sequences])
    knee = targets[:, data.angles.index("knee_flexion")]
    assert data.features.gain_span is not None
    assert all(one.cycles for one in data.sequences)
    cycles = [cycle for one in data.sequences for cycle in one.cycles]
    strides = [(end - start) / data.rate for start, end in cycles]
    # Three and a half seconds of walking hold two whole strides of each leg.
    assert len(strides) == pytest.approx(2 * len(data.sequences), rel=0.1)
    assert min(strides) > 0.8
    assert max(strides) < 1.5
    for one in data.sequences:
        first, last = one.judged
        # Half a second around walking is learnt from too.
        assert first <= 26
        assert len(one.target) - last <= 26
    assert np.nanpercentile(knee, 99) == pytest.approx(63, abs=5)
    assert np.nanpercentile(knee, 1) == pytest.approx(-6, abs=5)


@pytest.mark.slow
def test_exercises(shared_data):
    data = load_dataset(shared_data / "gait" / "kinect_vicon_exercises" / "repetitions.npz")
    assert len(data.subjects) == 7
    assert len(data.sequences) == 688
    assert all("times as long" in reason for reason in data.skipped.values())
    knee = data.angles.index("knee_flexion")
    error = np.concatenate([one.own[:, knee] - one.target[:, knee] for one in data.sequences])
    assert np.sqrt(np.mean(error**2)) < 12.5


def test_settings_choose_movements(shared_data):
    settings = DatasetSettings(movements=("m99",))
    with pytest.raises(UnreadableInput, match="none of 0 trials can be used"):
        load_dataset(shared_data / "gait" / "kinect_vicon_exercises" / "repetitions.npz", settings)


def test_other_files(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, a=np.zeros(2))
    with pytest.raises(UnreadableInput, match="no paired trials"):
        load_dataset(path)
    (tmp_path / "x.mat").write_bytes(b"none")
    with pytest.raises(UnreadableInput, match="MATLAB"):
        load_dataset(tmp_path / "x.mat")
    with pytest.raises(UnreadableInput):
        load_dataset(tmp_path / "absent.npz")
