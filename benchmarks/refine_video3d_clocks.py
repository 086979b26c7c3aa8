"""What it is worth to put walking clocks right, in training and in judging; one network each.

The archive calls video and markers locked, but by the ankles' paths two of six people are off the
others by 25 ms, one either way (:mod:`gaitpose.refine.clocks`).
"""

from __future__ import annotations

import numpy as np

from _record import shared_data, write_csv
from gaitpose.agreement.metrics import pearson
from gaitpose.refine.bilstm import BiLSTMRefiner
from gaitpose.refine.datasets import DatasetSettings, load_dataset
from gaitpose.refine.fusion import RHYTHM
from gaitpose.refine.pairs import Dataset, PairedSequence, arrays
from gaitpose.refine.sequences import root_mean_square

JUDGED = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
QUICK = RHYTHM.model_copy(update={"members": 1})


def errors(unseen: list[PairedSequence], predicted: list[np.ndarray]) -> np.ndarray:
    """RMSE and r of every angle over the judged frames, (2, angles)."""
    both = [
        (curve[one.judged_frames], one.target[one.judged_frames])
        for curve, one in zip(predicted, unseen, strict=True)
    ]
    found, wanted = (np.concatenate([pair[which] for pair in both]) for which in (0, 1))
    r = [pearson(found[:, column], wanted[:, column]) for column in range(found.shape[1])]
    return np.stack([root_mean_square([a - b for a, b in both]), r])


def main() -> None:
    path = shared_data() / "gait" / "video3d_vicon_walking" / "walking.npz"
    clocks = {
        "as in the archive": load_dataset(path, DatasetSettings(walking_lag=0.0)),
        "put right": load_dataset(path),
    }
    people = clocks["put right"].subjects
    found: dict[tuple[str, str], list[np.ndarray]] = {}
    for trained, dataset in clocks.items():
        for subject in people:
            network = BiLSTMRefiner(dataset.rate, QUICK).fit(*arrays(dataset.split(subject)[0]))
            for judged, other in clocks.items():
                unseen = other.split(subject)[1]
                predicted = network.predict([one.features for one in unseen])
                found.setdefault((trained, judged), []).append(errors(unseen, predicted))
            print(f"trained {trained}, {subject} done", flush=True)
    write_csv("refine_video3d_clocks", rows(found, clocks["put right"]))


def rows(
    found: dict[tuple[str, str], list[np.ndarray]], dataset: Dataset
) -> list[dict[str, object]]:
    """Mean over people of both legs together, one row an angle and a pair of clocks."""
    table = []
    for (trained, judged), people in found.items():
        mean, spread = np.mean(people, axis=0), np.std(people, axis=0, ddof=1)
        for angle in JUDGED:
            column = dataset.angles.index(angle)
            table.append(
                {
                    "clocks_in_training": trained,
                    "clocks_in_judging": judged,
                    "angle": angle,
                    "subjects": len(people),
                    "rmse_mean": round(float(mean[0, column]), 2),
                    "rmse_std": round(float(spread[0, column]), 2),
                    "r_mean": round(float(mean[1, column]), 3),
                }
            )
    return table


if __name__ == "__main__":
    main()
