"""Choose the network of refine_video3d.py on inner folds: who is left out has no say in it.

For each person, the candidates are trained without that person and one more, and judged on the one
more; the least mean error of hip, knee and ankle wins. Nobody's own error is ever looked at.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from _record import shared_data, write_csv
from gaitpose.refine.bilstm import MEAN_ONLY, BiLSTMSettings
from gaitpose.refine.datasets import load_dataset
from gaitpose.refine.fusion import FusionSettings, share_errors
from gaitpose.refine.pairs import Dataset, arrays

JUDGED = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
MEMBERS = 2
CANDIDATES = {
    "as for exercises (map beneath, cuts of 1.3 s)": BiLSTMSettings(),
    "no map beneath": BiLSTMSettings(shrinkage=MEAN_ONLY),
    "no map beneath, no constant offsets": BiLSTMSettings(shrinkage=MEAN_ONLY, offset=0.0),
    "no map beneath, cuts of 2.6 s": BiLSTMSettings(shrinkage=MEAN_ONLY, frames=128),
    "no map beneath, cuts of 3.8 s": BiLSTMSettings(shrinkage=MEAN_ONLY, frames=192),
}


def inner_errors(dataset: Dataset, candidate: BiLSTMSettings) -> dict[str, np.ndarray]:
    """Mean RMSE on the others when each person is left out, (angles) degrees."""
    settings = FusionSettings(bilstm=candidate, shares=(1.0,), inner_members=MEMBERS)
    everybody = arrays(dataset.sequences)
    found: dict[str, list[np.ndarray]] = {subject: [] for subject in dataset.subjects}
    for first, second in combinations(dataset.subjects, 2):
        errors = share_errors(dataset.rate, settings, *everybody, left_out=(first, second))
        found[first].append(errors[second][0])
        found[second].append(errors[first][0])
    return {subject: np.mean(errors, axis=0) for subject, errors in found.items()}


def main() -> None:
    dataset = load_dataset(shared_data() / "gait" / "video3d_vicon_walking" / "walking.npz")
    columns = [dataset.angles.index(angle) for angle in JUDGED]
    errors = {}
    for name, candidate in CANDIDATES.items():
        errors[name] = inner_errors(dataset, candidate)
        print(name, flush=True)
    rows = []
    for subject in dataset.subjects:
        judged = {name: found[subject][columns] for name, found in errors.items()}
        best = min(judged, key=lambda name: float(judged[name].mean()))
        rows += [
            {"left_out": subject, "network": name}
            | {f"inner_{a}": round(float(v), 2) for a, v in zip(JUDGED, values, strict=True)}
            | {"inner_mean": round(float(values.mean()), 3), "is_chosen": name == best}
            for name, values in judged.items()
        ]
    write_csv("refine_video3d_choice", rows)


if __name__ == "__main__":
    main()
