"""The measurements that the constants of the event finder rest on (calibration parts only).

How far ahead of foot strike and foot off the extrema come; in which direction the ankle moves at
foot off; what a low-pass does to the maximum; which oblique axis gives the wearable's stance.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

import gait_video3d_imu
from _record import shared_data, write_csv
from gait_c3d import side_view
from gait_force_plates import CALIBRATION, eight_joints, event_errors, plate_events
from gait_video3d_imu import SPLIT, compare_trials
from gaitpose.gait.analysis import analyze
from gaitpose.gait.event_signal import stride_period, vertex
from gaitpose.gait.motion import SagittalMotion
from gaitpose.gait.sagittal import make_sagittal
from gaitpose.gait.settings import EventSettings, GaitSettings
from gaitpose.gait.smoothing import SmoothingSettings, low_pass
from gaitpose.io.c3d import read_c3d
from gaitpose.io.load import load_poses

Truth = list[tuple[str, str, float]]
RAW = GaitSettings(events=EventSettings(strike_lead=0.0, off_lead=0.0))


def markers(folder: Path) -> Iterator[tuple[str, xr.Dataset, Truth]]:
    """Motion capture with events: (person, poses, events)."""
    for trial in CALIBRATION:
        path = folder / "mocap_force_plates" / f"{trial}.trc"
        events = plate_events(path.with_name(f"{trial}_grf.mot"))
        yield "plates", load_poses(path), [event for event in events if event[2] > 0.1]
    for path in sorted((folder / "plug_in_gait_c3d").glob("*.c3d")):
        events = read_c3d(path).events[["side", "kind", "time_s"]]
        yield path.stem, load_poses(path), list(events.itertuples(index=False, name=None))


def against_pelvis(motion: SagittalMotion, side: str) -> np.ndarray:
    """Ankle minus mid-hip, (time, 2)."""
    points = motion.unfiltered.sel(space=["x", "y"]).transpose("keypoints", "time", "space")
    hips = points.sel(keypoints=["left_hip", "right_hip"]).mean("keypoints")
    return np.asarray(points.sel(keypoints=f"{side}_ankle").values - hips.values)


def leads(folder: Path) -> list[dict[str, object]]:
    """Extrema before events, percent of the stride."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for person, poses, truth in markers(folder):
        flat = side_view(poses)
        for points, given in (("heel, toe", flat), ("ankle", eight_joints(flat))):
            motion = make_sagittal(given)
            period = stride_period(
                *(against_pelvis(motion, side)[:, 0] for side in ("left", "right")),
                motion.fps,
                RAW.events,
            )
            for error in event_errors(analyze(given, settings=RAW).events, truth).itertuples():
                if np.isfinite(error.error_s):
                    key = person, points, error.kind
                    found.setdefault(key, []).append(-100 * error.error_s / period)
    return [
        quantity(f"lead before {kind}, {points}", person, values, "% of stride")
        for (person, points, kind), values in found.items()
    ]


def directions(folder: Path) -> list[dict[str, object]]:
    """Direction of the ankle against the pelvis at foot off, degrees above forward."""
    found: dict[str, list[float]] = {}
    for person, poses, truth in markers(folder):
        motion = make_sagittal(eight_joints(poses))
        time = motion.points.time.values
        for side, kind, moment in truth:
            if kind == "foot_off" and time[10] < moment < time[-10]:
                path = low_pass(against_pelvis(motion, side), motion.fps, 15.0, SmoothingSettings())
                rate = np.gradient(path, axis=0)[np.searchsorted(time, moment)]
                found.setdefault(person, []).append(float(np.degrees(np.arctan2(rate[1], rate[0]))))
    return [
        quantity("direction of the ankle at foot off", person, values, "deg above forward")
        for person, values in found.items()
    ]


def filter_shifts(folder: Path) -> list[dict[str, object]]:
    """Delay of the ankle's maximum by a low-pass at 6 times the stride frequency."""
    found: dict[str, list[float]] = {}
    for person, poses, truth in markers(folder):
        motion = make_sagittal(eight_joints(side_view(poses)))
        sides = {side: against_pelvis(motion, side)[:, 0] for side in ("left", "right")}
        period = stride_period(*sides.values(), motion.fps, RAW.events)
        for side, kind, moment in truth:
            middle = np.searchsorted(motion.points.time.values, moment - 0.05 * period)
            half = round(0.12 * period * motion.fps)
            if kind != "foot_strike" or middle < half or middle + half > len(sides[side]):
                continue
            window = slice(middle - half, middle + half)
            smooth = low_pass(sides[side], motion.fps, 6.0 / period, SmoothingSettings())
            tops = [vertex(x[window], int(np.argmax(x[window]))) for x in (smooth, sides[side])]
            samples = tops[0] - tops[1]
            found.setdefault(person, []).append(100 * samples / motion.fps / period)
    return [
        quantity("delay of the maximum by a low-pass at 6 / stride time", person, values, "%")
        for person, values in found.items()
    ]


def stance_by_axis(folder: Path) -> list[dict[str, object]]:
    """Stance against the wearable for several axes of foot off, calibration people."""
    people = json.loads(SPLIT.read_text())["calibration"]
    rows = []
    for axis in (0.0, 30.0, 40.0, 48.0, 55.0):
        settings = GaitSettings(events=EventSettings(off_axis_deg=axis))
        gait_video3d_imu.analyze = lambda poses, settings=settings: analyze(
            poses, settings=settings
        )
        trials = compare_trials(folder / "video3d_imu_walking", people)
        stance = (trials.stance_left + trials.stance_right) / 2
        name = f"stance error, axis of foot off {axis:.0f} deg below forward"
        rows.append(quantity(name, f"{len(people)} people", stance.dropna(), "ms"))
    return rows


def quantity(name: str, source: str, values: object, unit: str) -> dict[str, object]:
    """One row: median, mean and SD of a measured quantity."""
    numbers = np.asarray(values, dtype=float)
    return {
        "quantity": name,
        "source": source,
        "n": len(numbers),
        "median": round(float(np.median(numbers)), 2),
        "mean": round(float(numbers.mean()), 2),
        "sd": round(float(numbers.std(ddof=1)), 2),
        "mean_abs": round(float(np.abs(numbers).mean()), 2),
        "unit": unit,
    }


def main() -> None:
    folder = shared_data() / "gait"
    rows = [*leads(folder), *directions(folder), *filter_shifts(folder), *stance_by_axis(folder)]
    write_csv("gait_event_constants", rows)


if __name__ == "__main__":
    main()
