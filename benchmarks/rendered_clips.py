"""Clips of rendered walkers end to end, against their truth: with and without an exoskeleton.

    python benchmarks/rendered_clips.py [--estimator lite mediapipe] [--clips 12]

Bodies, rooms and a seed never trained on; some walk with a frame or beside a bystander. The clips
are drawn at the first run (half a minute each). The subject's thigh and shank are given, as the
user gives them. A strike counts as found if one was detected within two frames on the same side;
times and lengths are of the strides that were analysed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from _record import write_csv
from _rendered import rendered_clips
from gaitpose.errors import GaitPoseError
from gaitpose.io.wpe import Truth, read_truth
from gaitpose.pose.blazepose import model_in_mediapipe
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.estimators import choose
from gaitpose.pose.weights import shipped
from gaitpose.report.truth import angle_errors, compare_with_truth
from gaitpose.skeleton import SIDES
from gaitpose.subject import Subject
from gaitpose.workflow import Analysis, analyze_video

WITHIN = 2
"""Frames that a detected strike may be away from the true one."""

Measured = dict[str, list[float]]
"""Values by what they are; a list has one value a strike, a side or a sample."""


def measure(clip: Path, estimator: Estimator) -> tuple[Truth, Measured]:
    truth = read_truth(clip)
    legs = {
        part: (truth.lengths[f"left_{part}"], truth.lengths[f"right_{part}"])
        for part in ("thigh", "shank")
    }
    try:
        analysis = analyze_video(clip / "video.mp4", Subject(**legs), estimator=estimator)
    except GaitPoseError as error:
        print(f"{clip.name}: {error}")
        return truth, {"strike_found": [0.0] * len(true_strikes(truth))}
    return truth, {**strikes(analysis, truth), **values(analysis, truth)}


def installed() -> list[str]:
    """Our shipped weights, our fast choice, and MediaPipe's network where its model file is."""
    return [*shipped(), "gaitpose-fast", *(["mediapipe"] if model_in_mediapipe() else [])]


def load(name: str) -> Estimator:
    """Load our shipped weights of a name, or another estimator."""
    return choose("gaitpose", Path(name)) if name in shipped() else choose(name)


def true_strikes(truth: Truth) -> list[tuple[str, float]]:
    """Side and time of the strikes that a clip shows, all but the first and last frame's."""
    first, last = truth.angles["time"].to_numpy()[[0, -1]]
    events = truth.events[truth.events["kind"] == "foot_strike"]
    return [
        (side, time)
        for side, time in zip(events["side"], events["time_s"], strict=True)
        if first < time < last
    ]


def strikes(analysis: Analysis, truth: Truth) -> Measured:
    frame = float(np.median(np.diff(analysis.angles["time"].to_numpy())))
    detected = analysis.events[analysis.events["kind"] == "foot_strike"]
    free = list(zip(detected["side"], detected["time_s"], strict=True))
    found, errors = [], []
    for side, time in true_strikes(truth):
        same = [each for each in free if each[0] == side]
        nearest = min(same, key=lambda each: abs(each[1] - time), default=None)
        hit = nearest is not None and abs(nearest[1] - time) <= (WITHIN + 0.5) * frame
        found.append(float(hit))
        if hit and nearest is not None:
            free.remove(nearest)
            errors.append(1000 * abs(nearest[1] - time))
    return {"strike_found": found, "strike_error_ms": errors, "false_strike": [1.0] * len(free)}


def values(analysis: Analysis, truth: Truth) -> Measured:
    measured: Measured = {}
    for row in compare_with_truth(analysis, truth):
        if row.name in ("stride_time", "step_time"):
            measured.setdefault(f"{row.name}_error_ms", []).append(
                1000 * abs(row.measured - row.true)
            )
        elif row.name in ("stride_length", "step_length"):
            measured.setdefault(f"{row.name}_error_percent", []).append(
                100 * abs(row.measured - row.true) / row.true
            )
    for joint in ("hip", "knee"):
        for side in SIDES:
            errors = angle_errors(analysis, truth, side, joint)
            if len(errors):
                rms = float(np.sqrt(np.mean(errors**2)))
                measured.setdefault(f"{joint}_rmse_deg", []).append(rms)
    return measured


COLUMNS = (
    "strike_error_ms", "stride_time_error_ms", "step_time_error_ms", "stride_length_error_percent",
    "step_length_error_percent", "hip_rmse_deg", "knee_rmse_deg",
)  # fmt: skip


def row(estimator: str, group: str, clips: Sequence[Measured]) -> dict[str, object]:
    """Sum up some clips: counts, and medians over sides."""
    every: Measured = {}
    for clip in clips:
        for name, some in clip.items():
            every.setdefault(name, []).extend(some)
    found = every.get("strike_found", [])
    return {
        "estimator": estimator,
        "group": group,
        "clips": len(clips),
        "analysed": sum("hip_rmse_deg" in clip for clip in clips),
        "strikes": len(found),
        "found_percent": round(100 * float(np.mean(found)), 1),
        "false_strikes": len(every.get("false_strike", [])),
        **{
            f"{name}_median": round(float(np.median(every[name])), 2) if every.get(name) else ""
            for name in COLUMNS
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--estimator", nargs="+", default=installed())
    parser.add_argument("--clips", type=int, default=12)
    options = parser.parse_args()
    folders = rendered_clips(options.clips)
    rows = []
    for estimator in options.estimator:
        network = load(estimator)
        measured = [measure(folder, network) for folder in folders]
        groups = {
            "all": [each for _, each in measured],
            "with exoskeleton": [each for truth, each in measured if wears(truth)],
            "without exoskeleton": [each for truth, each in measured if not wears(truth)],
        }
        rows += [row(estimator, name, clips) for name, clips in groups.items() if clips]
    write_csv("rendered_clips", rows)


def wears(truth: Truth) -> bool:
    return bool(truth.attributes["exoskeleton"])


if __name__ == "__main__":
    main()
