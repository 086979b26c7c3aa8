"""The control that refine_video3d.csv is set against, on its own terms: the angle at the marker.

The control is ridge on 3-D joints in a window of half a second either way. Its knee is the angle at
the knee's marker between those of the iliac spine and the ankle, which moves by two thirds of what
the joint does; on the joint's own angle every error is larger.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from _record import shared_data, write_csv
from gaitpose.agreement.metrics import pearson
from gaitpose.refine.bilstm import BiLSTMRefiner
from gaitpose.refine.datasets import DatasetSettings, load_dataset
from gaitpose.refine.features import FeatureSettings
from gaitpose.refine.fusion import RHYTHM
from gaitpose.refine.linear import LinearRefiner, LinearSettings
from gaitpose.refine.pairs import Dataset, arrays
from gaitpose.refine.recordings import open_archive
from gaitpose.refine.sequences import root_mean_square

HALF_SECOND = LinearSettings(half_windows=(0.5,), taps=5)
NOTHING = LinearSettings(half_windows=(0.0,), penalties=(1e9,))
"""So strong a penalty leaves the training's mean."""

PLAIN = FeatureSettings(rate=50.0, with_toes=False)
"""Joints' positions, directions and angles as they are, with trend and gain."""


def marker_knee(points: np.ndarray, names: list[str], side: str) -> np.ndarray:
    """Angle at the knee's marker, degrees, 0 where the three are in line."""
    hip, knee, ankle = (points[:, names.index(side[0].upper() + n)] for n in ("ASI", "KNE", "ANK"))
    up, down = hip - knee, ankle - knee
    cosine = np.sum(up * down, axis=1) / np.linalg.norm(up, axis=1) / np.linalg.norm(down, axis=1)
    return 180 - np.degrees(np.arccos(cosine))


def with_marker_knee(dataset: Dataset, archive) -> Dataset:
    """Replace the targets by the one angle, on the same frames."""
    names = [str(name) for name in archive["vicon_labels"]]
    sequences = []
    for one in dataset.sequences:
        points = np.asarray(archive[f"{one.trial}_vicon"], dtype=float)
        points[points == 0] = np.nan
        angle = marker_knee(points, names, one.side)
        at = (one.start + np.arange(len(one.target)) / dataset.rate) * 200
        target = np.interp(at, np.arange(len(angle)), angle)[:, np.newaxis]
        sequences.append(replace(one, target=target))
    return replace(dataset, sequences=tuple(sequences), angles=("knee",))


def judge(dataset: Dataset, make) -> np.ndarray:
    """RMSE and r of the last angle for each subject left out, (subjects, 2)."""
    rows = []
    for subject in dataset.subjects:
        training, unseen = dataset.split(subject)
        predicted = make(dataset.rate).fit(*arrays(training)).predict([o.features for o in unseen])
        pairs = [
            (curve[one.judged_frames], one.target[one.judged_frames])
            for curve, one in zip(predicted, unseen, strict=True)
        ]
        error = root_mean_square([a - b for a, b in pairs])[-1]
        a, b = (np.concatenate([pair[which][:, -1] for pair in pairs]) for which in (0, 1))
        rows.append((error, pearson(a, b)))
    return np.array(rows)


def main() -> None:
    path = shared_data() / "gait" / "video3d_vicon_walking" / "walking.npz"
    archive = open_archive(path)
    plain = with_marker_knee(load_dataset(path, DatasetSettings(walking=PLAIN)), archive)
    ours = with_marker_knee(load_dataset(path), archive)
    quick = RHYTHM.model_copy(update={"members": 1})
    models = (
        ("mean", plain, lambda r: LinearRefiner(r, NOTHING)),
        ("ridge, half a second either way", plain, lambda r: LinearRefiner(r, HALF_SECOND)),
        ("linear refiner", ours, LinearRefiner),
        ("BiLSTM refiner, one network", ours, lambda r: BiLSTMRefiner(r, quick)),
    )
    table = []
    for name, dataset, make in models:
        found = judge(dataset, make)
        table.append(
            {
                "model": name,
                "angle": "knee, at the marker",
                "subjects": len(found),
                "rmse_mean": round(float(found[:, 0].mean()), 2),
                "rmse_std": round(float(found[:, 0].std(ddof=1)), 2),
                "r_mean": round(float(found[:, 1].mean()), 3),
            }
        )
    write_csv("refine_video3d_controls", table)


if __name__ == "__main__":
    main()
