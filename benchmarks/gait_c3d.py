"""Events of two Plug-in-Gait recordings against the events that their files carry.

In three dimensions, and projected on a side camera (8 joints, and with heels and toes).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from _record import shared_data, write_csv
from gait_force_plates import eight_joints, event_errors
from gaitpose.gait.analysis import analyze
from gaitpose.io.c3d import read_c3d
from gaitpose.io.load import load_poses
from gaitpose.poses import poses_from_arrays

PIXELS_PER_METRE = 350.0


def side_view(poses: xr.Dataset) -> xr.Dataset:
    """Parallel projection on a picture beside the walkway, pixels."""
    position = poses["position"].isel(individuals=0).transpose("time", "keypoints", "space").values
    hips = np.nanmean(position, axis=1)
    travel = hips[-1] - hips[0]
    across = 0 if abs(travel[0]) > abs(travel[2]) else 2
    pixels = np.stack([position[..., across], -position[..., 1]], axis=-1) * PIXELS_PER_METRE
    pixels -= np.nanmin(pixels, axis=(0, 1)) - 100.0
    return poses_from_arrays(
        pixels, None, [str(n) for n in poses.keypoints.values], "px", times=poses.time.values
    )


def compare_files(folder: Path) -> pd.DataFrame:
    """Errors of all events: file, view, points, kind, error_s, rate."""
    tables = []
    for path in sorted(folder.glob("*.c3d")):
        file = read_c3d(path)
        truth = list(file.events[["side", "kind", "time_s"]].itertuples(index=False, name=None))
        poses = load_poses(path)
        for view, seen in (("3-D", poses), ("side camera", side_view(poses))):
            for points, given in (("heel, toe", seen), ("8 joints", eight_joints(seen))):
                errors = event_errors(analyze(given).events, truth)
                labels = {"file": path.stem, "view": view, "points": points, "rate": file.rate}
                tables.append(errors.assign(**labels))
    return pd.concat(tables, ignore_index=True)


def main() -> None:
    errors = compare_files(shared_data() / "gait" / "plug_in_gait_c3d")
    rows = []
    for keys, group in errors.groupby(["file", "view", "points", "kind"]):
        error = group.error_s * group.rate
        rows.append(
            {
                **dict(zip(("file", "view", "points", "kind"), keys, strict=True)),
                "events": len(group),
                "missed": int(error.isna().sum()),
                "median_abs_frames": round(error.abs().median(), 2),
                "within_one_frame": round(float((error.abs().round() <= 1).mean()), 2),
                "median_ms": round(1000 * group.error_s.median(), 1),
            }
        )
    write_csv("gait_c3d", rows)


if __name__ == "__main__":
    main()
