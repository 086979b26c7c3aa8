"""Events and lengths of simulated walks against their truth, also with an estimator's errors."""

from __future__ import annotations

import numpy as np
import xarray as xr

from _record import write_csv
from gaitpose.gait.analysis import analyze
from gaitpose.gait.result import GaitAnalysis
from gaitpose.skeleton import FOOT_POINTS, SIDES
from gaitpose.subject import Subject
from gaitpose.synthetic.camera import PinholeCamera
from gaitpose.synthetic.observation import ObservationSettings, observe
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.walker import Walk, walk

EDGE_S = 0.3
SUBJECT = Subject(thigh=0.43, shank=0.43)
LEG_PX = 300.0
DISTANCE_M = 8.0


def seen(walked: Walk, side: str, roll: float, points: str) -> xr.Dataset:
    """Show the walk in a picture in which a leg is 300 px long."""
    along = walked.position[..., 0]
    focal = LEG_PX / sum(SUBJECT.segments()[0]) * DISTANCE_M
    camera = PinholeCamera(
        distance=DISTANCE_M,
        x=float(along.min() + along.max()) / 2,
        side=side,
        roll=roll,
        fx=focal,
        fy=focal,
        width=int(np.ptp(along) * focal / DISTANCE_M) + 800,
    )
    poses = camera.to_poses(walked)
    names = [str(name) for name in poses.keypoints.values]
    return poses.sel(keypoints=[n for n in names if points != "8 joints" or n not in FOOT_POINTS])


def errors(analysis: GaitAnalysis, walked: Walk, fps: float) -> dict[str, list[float]]:
    """Frames from every true event to the nearest found one; relative errors of lengths."""
    found: dict[str, list[float]] = {"foot_strike": [], "foot_off": [], "length": []}
    truth = walked.events
    inner = truth[truth.time_s.between(walked.time[0] + EDGE_S, walked.time[-1] - EDGE_S)]
    for event in inner.itertuples():
        events = analysis.events
        same = events[(events.side == event.side) & (events.kind == event.kind)]
        nearest = (same.time_s - event.time_s).abs().min() if len(same) else np.inf
        found[event.kind].append(nearest * fps)
    summary = analysis.summary.set_index(["name", "side"])["mean"]
    stride = walked.settings.speed * walked.settings.stride_time
    for side in SIDES:
        for name, share in (("stride_length", 1.0), ("step_length", 0.5)):
            found["length"].append(abs(summary[name, side] / (share * stride) - 1.0))
    return found


def row(
    label: str, fps: int, points: str, errors_of: list[dict[str, list[float]]]
) -> dict[str, object]:
    """Summarise runs: largest errors, and shares within one frame."""
    joined = {kind: np.concatenate([e[kind] for e in errors_of]) for kind in errors_of[0]}
    strikes, offs = joined["foot_strike"], joined["foot_off"]
    return {
        "errors": label,
        "fps": fps,
        "points": points,
        "walks": len(errors_of),
        "strikes": len(strikes),
        "strike_median_frames": round(float(np.median(strikes)), 3),
        "strike_p95_frames": round(float(np.quantile(strikes, 0.95)), 3),
        "strike_largest_frames": round(float(strikes.max()), 3),
        "strikes_within_one": round(float((strikes <= 1).mean()), 3),
        "off_p95_frames": round(float(np.quantile(offs, 0.95)), 3),
        "off_largest_frames": round(float(offs.max()), 3),
        "length_largest_percent": round(100 * float(joined["length"].max()), 2),
    }


def main() -> None:
    rows = []
    noise = ObservationSettings(noise_px=3.0, missed=0.05, swaps=0.02, swap_run=3.0)
    for points in ("8 joints", "heel, toe"):
        for fps in (25, 30, 60, 120, 240):
            runs = [
                errors(analyze(seen(walked, side, roll, points), SUBJECT), walked, fps)
                for speed in (0.8, 1.3)
                for walked in [walk(WalkerSettings(fps=fps, speed=speed, strides=5))]
                for side in ("right", "left")
                for roll in (0.0, 5.0)
            ]
            rows.append(row("none", fps, points, runs))
        for fps in (25, 30, 60):
            runs = []
            for seed in range(10):
                walked = walk(WalkerSettings(fps=fps, strides=6))
                poses = seen(walked, ("right", "left")[seed % 2], 0.0, points)
                observed = observe(poses, noise, np.random.default_rng(seed)).poses
                runs.append(errors(analyze(observed, SUBJECT), walked, fps))
            rows.append(row("3 px, 5 % missed, 2 % exchanged", fps, points, runs))
    write_csv("gait_walker", rows)


if __name__ == "__main__":
    main()
