"""Real side-view clips end to end, against foot strikes that were read by eye.

    python benchmarks/sagittal_video.py [--estimator NAME [--model WEIGHTS]]

One row a clip and one for all. A strike counts as found if one was detected within two frames. The
person is right if the hips lie where the subject was seen by eye. Strikes marked uncertain are not
scored, but neither is a detection near them called wrong.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from _record import write_csv
from _strikes import WITHIN, Score, percent, refused, sagittal_clips, score_strikes
from gaitpose.errors import GaitPoseError
from gaitpose.gait.analysis import analyze
from gaitpose.gait.result import GaitAnalysis
from gaitpose.io.video import VideoReader, VideoWriter
from gaitpose.pose.body import body_of
from gaitpose.pose.estimate import estimate_poses
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.estimators import choose


@dataclass(frozen=True)
class Seen:
    """Where the subject was seen: frames, and what tells him or her from others in the clip."""

    first: int
    last: int
    rows: tuple[float, float] = (0.0, 1.0)
    smallest: float = 0.0


SUBJECTS: dict[str, Seen] = {
    # the woman is on the lawn, the man above her on the roof (he jumps down at frame 165)
    "lawn_two_people.mp4": Seen(45, 195, rows=(0.60, 0.90)),
    # the mirror shows the same person, half as tall
    "room_slouch.mp4": Seen(15, 130, smallest=0.6),
    "room_no_arm_swing.mp4": Seen(50, 145, smallest=0.6),
    "low_resolution_four_passes.mp4": Seen(20, 83),
}


def score_person(poses: xr.Dataset, clip: str, score: Score) -> None:
    """Count the frames in which the hips lie where the subject was seen."""
    seen = SUBJECTS[clip]
    joints = joints_of(poses)
    height = poses.attrs["image_height"]
    for frame in range(seen.first, min(seen.last + 1, len(joints))):
        score.person_frames += 1
        if not np.isfinite(joints[frame]).all() or joints[frame, :, 2].mean() < 0.3:
            continue
        body = body_of(joints[frame])
        is_there = seen.rows[0] <= body.y / height <= seen.rows[1]
        score.right_person += bool(is_there and body.height / height >= seen.smallest)


def joints_of(poses: xr.Dataset) -> np.ndarray:
    """Array (frames, keypoints, 3) of x, y, confidence."""
    one = poses.isel(individuals=0)
    position = one.position.transpose("time", "keypoints", "space").values
    confidence = one.confidence.transpose("time", "keypoints").values
    return np.concatenate([position, confidence[..., np.newaxis]], axis=2)


def read_cadence(truth: dict[str, Any], fps: float) -> float:
    """Count steps a minute by eye, over the intervals between scorable strikes of a pass."""
    steps = [
        (later["frame"] - earlier["frame"]) / fps
        for earlier, later in zip(truth["strikes"], truth["strikes"][1:], strict=False)
        if earlier["pass"] == later["pass"]
        and not (earlier.get("uncertain") or later.get("uncertain"))
    ]
    return 60 / float(np.mean(steps))


def knee_peaks(analysis: GaitAnalysis, truth: dict[str, Any]) -> dict[str, float]:
    """Mean knee peak in swing of the near and the far leg; left and right where that is unknown."""
    table = analysis.parameters[analysis.parameters.name == "knee_peak_swing"]
    sides = set(truth.get("near_leg", {}).values())
    if len(sides) == 1:
        near = sides.pop()
        names = {near: "near", "left" if near == "right" else "right": "far"}
    else:
        names = {"left": "left", "right": "right"}
    return {
        f"knee_peak_{names[side]}": float(table[table.side == side].value.mean())
        for side in ("left", "right")
    }


def mirrored(video: Path, folder: Path) -> Path:
    """Write the clip mirrored, hardly compressed."""
    target = folder / f"mirrored_{video.name}"
    with VideoReader(video) as source:
        info = source.info
        with VideoWriter(target, info.width, info.height, info.fps, quality=8) as writer:
            for frame in source:
                writer.write(np.ascontiguousarray(frame.rgb[:, ::-1]), frame.time_s)
    return target


def score_mirror(one: pd.DataFrame, other: pd.DataFrame, fps: float, score: Score) -> None:
    """Count strikes that the mirrored clip shows within two frames on the other side."""
    one, other = (events[events.kind == "foot_strike"] for events in (one, other))
    score.mirrored_of += len(one)
    for row in one.itertuples():
        opposite = other[other.side != row.side].time_s
        score.mirrored_same += bool((abs(opposite - row.time_s) * fps <= WITHIN + 0.5).any())


def score_clip(video: Path, truth: dict[str, Any], estimator: Estimator) -> dict[str, Any]:
    """Estimate, analyse and score one clip."""
    score = Score()
    started = time.perf_counter()
    try:
        poses = estimate_poses(video, estimator=estimator)
        spent = time.perf_counter() - started
        score_person(poses, video.name, score)
        analysis = analyze(poses)
    except GaitPoseError as error:
        return {"clip": video.name, "score": score + refused(truth), "note": str(error)}
    fps = poses.attrs["fps"]
    score_strikes(analysis.events, truth, fps, score)
    with tempfile.TemporaryDirectory() as folder:
        try:
            other = analyze(estimate_poses(mirrored(video, Path(folder)), estimator=estimator))
            score_mirror(analysis.events, other.events, fps, score)
        except GaitPoseError as error:
            return {"clip": video.name, "score": score, "note": f"mirrored: {error}"}
    by_eye = read_cadence(truth, fps)
    summary = analysis.summary
    cadences = summary[(summary.name == "cadence") & (summary.side == "both")]["mean"]
    cadence = float(cadences.iloc[0]) if len(cadences) else float("nan")
    return {
        "clip": video.name,
        "score": score,
        "cadence": cadence,
        "cadence_error_percent": 100 * (cadence / by_eye - 1),
        "ms_per_frame": 1e3 * spent / poses.sizes["time"],
        **knee_peaks(analysis, truth),
    }


REPORTED: tuple[tuple[str, Path | None], ...] = (
    ("gaitpose", Path("full")),
    ("gaitpose", Path("lite")),
    ("gaitpose-fast", None),
    ("mediapipe", None),
)
"""Estimators and models whose numbers the documents give."""

COLUMNS = ("cadence", "cadence_error_percent", "ms_per_frame")
PEAKS = tuple(f"knee_peak_{which}" for which in ("near", "far", "left", "right"))


def as_row(result: dict[str, Any], estimator: str) -> dict[str, Any]:
    """Flatten a result for the table."""
    score: Score = result["score"]
    errors = np.array(score.errors)
    row: dict[str, Any] = {
        "estimator": estimator,
        "clip": result["clip"],
        "right_person_percent": percent(score.right_person, score.person_frames),
        "strikes_found": score.found,
        "strikes": score.scorable,
        "found_percent": percent(score.found, score.scorable),
        "false_strikes": score.false,
        "mae_frames": round(float(np.abs(errors).mean()), 2) if len(errors) else "",
        "bias_frames": round(float(errors.mean()), 2) if len(errors) else "",
        "sides_right": score.sides_right,
        "sides": score.sides,
        "mirrored_same_percent": percent(score.mirrored_same, score.mirrored_of),
    }
    for name in (*COLUMNS, *PEAKS):
        value = result.get(name)
        row[name] = round(value, 1) if value is not None and np.isfinite(value) else ""
    row["note"] = result.get("note", "")
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--estimator", help="only this one; all that are reported if not given")
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    if options.model and not options.estimator:
        parser.error("--model needs --estimator")
    chosen = [(options.estimator, options.model)] if options.estimator else REPORTED
    for name, model in chosen:
        measure(name, model)


def measure(name: str, model: Path | None) -> None:
    """Write ``sagittal_video_NAME[_MODEL].csv``."""
    clips = sagittal_clips()
    estimator = choose(name, model)
    results = [score_clip(clip, truth, estimator) for clip, truth in clips.items()]
    total = sum((result["score"] for result in results), Score())
    rows = [
        as_row(result, estimator.name) for result in (*results, {"clip": "all", "score": total})
    ]
    which = name if model is None else f"{name}_{model.stem}"
    write_csv(f"sagittal_video_{which}", rows)


if __name__ == "__main__":
    main()
