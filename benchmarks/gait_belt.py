"""How far real ankles move while the foot stands: what a treadmill's speed would be short of.

Markers of two people who walk over ground, of whom the standing ankle should not move at all. On a
belt the same movement is an error of the speed that ``belt_speed`` reads off it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from _record import shared_data, write_csv
from gaitpose.gait.cycles import find_cycles
from gaitpose.gait.events import find_events
from gaitpose.gait.placement import belt_speed
from gaitpose.gait.sagittal import make_sagittal
from gaitpose.gait.settings import GaitSettings, PlacementSettings
from gaitpose.io.load import load_poses
from gaitpose.subject import Recording, Subject

SHARES = {
    "flat_share": PlacementSettings().flat_share,
    "belt_share": PlacementSettings().belt_share,
}


def errors_percent(path: Path, share: tuple[float, float]) -> list[float]:
    """Error of the belt's speed in each cycle, percent of the walking speed."""
    settings = GaitSettings()
    motion = make_sagittal(load_poses(path), Subject(), Recording(), settings.sagittal)
    cycles = find_cycles(motion, find_events(motion, settings.events), settings.cycles)
    hips = motion.points.sel(keypoints=["left_hip", "right_hip"], space="x").mean("keypoints")
    errors = []
    for cycle in cycles:
        walk = motion.passes[cycle.walk]
        part = hips.isel(time=slice(walk.start, walk.stop))
        speed = abs(float(np.nanmedian(part.differentiate("time"))))
        drift = belt_speed(motion, cycle, PlacementSettings(belt_share=share))
        errors.append(100 * drift / speed)
    return [error for error in errors if np.isfinite(error)]


def main() -> None:
    files = sorted((shared_data() / "gait" / "plug_in_gait_c3d").glob("*.c3d"))
    rows = []
    for name, share in SHARES.items():
        by_file = {path.stem: errors_percent(path, share) for path in files}
        rows += [row(name, share, stem, errors) for stem, errors in by_file.items()]
        means = [float(np.mean(errors)) for errors in by_file.values()]
        rows.append(row(name, share, "mean", means))
    write_csv("gait_belt", rows)


def row(
    name: str, share: tuple[float, float], recording: str, errors: list[float]
) -> dict[str, object]:
    return {
        "setting": name,
        "stance_from": share[0],
        "stance_to": share[1],
        "recording": recording,
        "values": len(errors),
        "speed_error_percent": round(float(np.mean(errors)), 2),
    }


if __name__ == "__main__":
    main()
