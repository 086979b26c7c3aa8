"""What alignment and features are worth: plain ridge regressions beside refine_kinect.csv.

The control is the one the refiner was set against: ridge on the sensor's Euler angles in a window
of four frames either way, start and end of a repetition taken as they were cut.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from _record import shared_data, write_csv
from gaitpose.refine.datasets import DatasetSettings, load_dataset
from gaitpose.refine.linear import LinearRefiner, LinearSettings
from gaitpose.refine.pairs import Dataset, PairSettings, arrays
from gaitpose.refine.recordings import KINECT_ANGLE, open_archive
from gaitpose.refine.sequences import root_mean_square

EULER_JOINTS = [0, 1, 14, 15, 16, 18, 19, 20]
"""Waist, spine, and both legs' joints with a rotation."""

FOUR_FRAMES = LinearSettings(half_windows=(4 / 30,), taps=4)


def rows(name: str, aligned: bool, dataset: Dataset, settings: LinearSettings):
    errors = []
    for subject in dataset.subjects:
        training, unseen = dataset.split(subject)
        refiner = LinearRefiner(dataset.rate, settings).fit(*arrays(training))
        predicted = refiner.predict([one.features for one in unseen])
        pairs = zip(predicted, unseen, strict=True)
        errors.append(root_mean_square([curve - one.target for curve, one in pairs]))
    table = np.stack(errors)
    return [
        {
            "model": name,
            "clocks_aligned": aligned,
            "angle": angle,
            "subjects": len(table),
            "rmse_mean": round(float(table[:, column].mean()), 3),
            "rmse_std": round(float(table[:, column].std(ddof=1)), 3),
        }
        for column, angle in enumerate(dataset.angles)
    ]


def on_euler_angles(dataset: Dataset, archive) -> Dataset:
    sequences = []
    for one in dataset.sequences:
        angles = np.asarray(archive[one.trial + KINECT_ANGLE], dtype=float)[:, EULER_JOINTS]
        side = np.full((len(angles), 1), float(one.side == "left"))
        features = np.concatenate([angles.reshape(len(angles), -1), side], axis=1)
        sequences.append(replace(one, features=features[: len(one.target)]))
    return replace(dataset, sequences=tuple(sequences))


def by_side(dataset: Dataset, side: str) -> Dataset:
    return replace(dataset, sequences=tuple(o for o in dataset.sequences if o.side == side))


def main() -> None:
    path = shared_data() / "gait" / "kinect_vicon_exercises" / "repetitions.npz"
    as_cut = load_dataset(path, DatasetSettings(pairs=PairSettings(maximum_lag=0.0)))
    euler = on_euler_angles(as_cut, open_archive(path))
    table = []
    for side in ("left", "right"):
        name = f"ridge, Euler angles, 4 frames either way, {side} leg"
        table += rows(name, False, by_side(euler, side), FOUR_FRAMES)
    table += rows("linear refiner", False, as_cut, LinearSettings())
    table += rows("linear refiner", True, load_dataset(path), LinearSettings())
    write_csv("refine_kinect_controls", table)


if __name__ == "__main__":
    main()
