"""Events from motion-capture markers against force plates (contact from 20 N).

All six trials are one person's. The leads of the event finder rest on the trials named below,
together with other people (see docs/explanation/events.md); the other trials are the report.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from _record import shared_data, write_csv
from gaitpose.gait.analysis import analyze
from gaitpose.io.load import load_poses
from gaitpose.io.mot import read_mot
from gaitpose.skeleton import FOOT_POINTS

CALIBRATION = ("walking1", "walking4", "walkingTI2")
CONTACT_N = 20.0
PLATES = {"ground_force_1": "right", "ground_force_2": "left"}
"""Which foot is on which plate, by the centre of pressure; the same in all trials."""
FARTHEST_S = 0.15


def plate_events(path: Path) -> list[tuple[str, str, float]]:
    """(side, kind, seconds) at which the vertical force passes 20 N, between samples."""
    table = read_mot(path).table
    time = table.index.to_numpy()
    events = []
    for plate, side in PLATES.items():
        force = table[f"{plate}_vy"].to_numpy() - CONTACT_N
        for index in np.flatnonzero(np.diff(force > 0)):
            share = force[index] / (force[index] - force[index + 1])
            kind = "foot_strike" if force[index + 1] > 0 else "foot_off"
            events.append((side, kind, time[index] + share * (time[index + 1] - time[index])))
    return events


def event_errors(events: pd.DataFrame, truth: list[tuple[str, str, float]]) -> pd.DataFrame:
    """Nearest event of the same side and kind within 0.15 s: kind, error (s; NaN if missed)."""
    rows = []
    for side, kind, time in truth:
        found = events[(events.side == side) & (events.kind == kind)].time_s - time
        nearest = found.iloc[found.abs().argmin()] if len(found) else np.nan
        rows.append((kind, time, nearest if abs(nearest) < FARTHEST_S else np.nan))
    return pd.DataFrame(rows, columns=["kind", "time_s", "error_s"])


def eight_joints(poses: xr.Dataset) -> xr.Dataset:
    """Without heels and toes, as most image estimators see a person."""
    return poses.sel(keypoints=[name for name in poses.keypoints.values if name not in FOOT_POINTS])


def compare_trials(folder: Path) -> pd.DataFrame:
    """Errors of all events: trial, points, kind, error_s."""
    tables = []
    for path in sorted(folder.glob("*.trc")):
        poses = load_poses(path)
        truth = plate_events(path.with_name(f"{path.stem}_grf.mot"))
        # A foot that lands in the first frames was farthest ahead before the recording began.
        truth = [event for event in truth if event[2] > 0.1]
        for points, given in (("heel, toe", poses), ("8 joints", eight_joints(poses))):
            errors = event_errors(analyze(given).events, truth)
            tables.append(errors.assign(trial=path.stem, points=points))
    return pd.concat(tables, ignore_index=True)


def main() -> None:
    errors = compare_trials(shared_data() / "gait" / "mocap_force_plates")
    errors["part"] = np.where(errors.trial.isin(CALIBRATION), "calibration", "report")
    rows = [
        {
            "trials": part,
            "points": points,
            "kind": kind,
            "events": len(group),
            "missed": int(group.error_s.isna().sum()),
            "median_abs_ms": round(1000 * group.error_s.abs().median(), 1),
            "median_ms": round(1000 * group.error_s.median(), 1),
            "largest_abs_ms": round(1000 * group.error_s.abs().max(), 1),
        }
        for (part, points, kind), group in errors.groupby(["part", "points", "kind"])
    ]
    write_csv("gait_force_plates", rows)


if __name__ == "__main__":
    main()
