"""Times from monocular 3-D video against a wearable system: 261 trials of 28 people.

The constants of the event finder were calibrated on the people of ``splits/video3d_imu.json`` under
``calibration`` (every second one in alphabetical order); the others were looked at afterwards.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from _record import shared_data, write_csv
from gaitpose.errors import GaitPoseError
from gaitpose.gait.analysis import analyze
from gaitpose.poses import poses_from_arrays

KEYPOINTS = [
    *("head_top", "neck"),
    *("right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist"),
    *("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("pelvis", "spine", "head"),
]
FPS = 60.0
SPLIT = Path(__file__).parent / "splits" / "video3d_imu.json"


def person_of(trial: str) -> str:
    return trial.rsplit("_", 1)[0]


def compare_trials(folder: Path, people: list[str]) -> pd.DataFrame:
    """Differences from the wearable system, one row a trial: ms, steps/min."""
    points = np.load(folder / "keypoints.npz")
    reference = pd.read_csv(folder / "reference.csv", index_col="trial_name")
    rows = []
    for trial, truth in reference.iterrows():
        if person_of(str(trial)) not in people:
            continue
        stride = truth["Stride Time [ms]"]
        row = {"person": person_of(str(trial)), "reference_stride": stride}
        poses = poses_from_arrays(points[str(trial)].astype(float), FPS, KEYPOINTS, "mm")
        try:
            summary = analyze(poses).summary.set_index(["name", "side"])["mean"]
        except GaitPoseError as error:
            print(trial, error)
            rows.append(row)
            continue
        mine = {side: summary.get(("stride_time", side), np.nan) for side in ("left", "right")}
        row["stride"] = 1000 * float(np.nanmean(list(mine.values())))
        row["cadence_error"] = summary["cadence", "both"] - truth["Cadence [step/min]"]
        for side in ("left", "right"):
            stance = truth[f"Stance Phase {side} [%]"] / 100 * stride
            row[f"stance_{side}"] = 1000 * summary.get(("stance_time", side), np.nan) - stance
            step = truth[f"Step Time {side} [ms]"]
            row[f"step_{side}"] = 1000 * summary.get(("step_time", side), np.nan) - step
        rows.append(row)
    return pd.DataFrame(rows)


def agreement(trials: pd.DataFrame) -> dict[str, object]:
    """One row of the published table."""
    error = trials.stride - trials.reference_stride
    sides = pd.concat([trials.stance_left, trials.stance_right])
    both = (trials.stance_left + trials.stance_right) / 2
    steps = pd.concat([trials.step_left, trials.step_right])
    return {
        "people": trials.person.nunique(),
        "trials": len(trials),
        "failed": int(trials.stride.isna().sum()),
        "stride_time_mae_ms": round(error.abs().mean(), 1),
        "stride_time_bias_ms": round(error.mean(), 1),
        "stride_time_r": round(trials.stride.corr(trials.reference_stride), 4),
        "cadence_mae": round(trials.cadence_error.abs().mean(), 2),
        "stance_time_mae_ms": round(both.abs().mean(), 1),
        "stance_time_one_side_mae_ms": round(sides.abs().mean(), 1),
        "stance_time_bias_ms": round(both.mean(), 1),
        "step_time_mae_ms": round(steps.abs().mean(), 1),
    }


def main() -> None:
    folder = shared_data() / "gait" / "video3d_imu_walking"
    split: dict[str, list[str]] = json.loads(SPLIT.read_text())
    rows = [
        {"people_of": part, **agreement(compare_trials(folder, people))}
        for part, people in split.items()
    ]
    write_csv("gait_video3d_imu", rows)


if __name__ == "__main__":
    main()
