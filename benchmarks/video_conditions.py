"""The real side-view clips filmed worse: what darkness, blur, tilt ... cost.

    python benchmarks/video_conditions.py [--estimator mediapipe gaitpose] [--conditions dark ...]
                                          [--write-card]

The four clips of ``sagittal_video.py`` are changed as a user's camera might, and analysed like any
other. One row a condition, all clips together; a strike counts as found within two frames of the
clip as it was recorded. ``--write-card`` keeps the share of strikes that each estimator finds
in the card of our weights: by it the package chooses between them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from _record import write_csv
from _strikes import Score, percent, refused, sagittal_clips, score_strikes
from gaitpose.errors import GaitPoseError
from gaitpose.gait.analysis import analyze
from gaitpose.io.video import VideoReader, VideoWriter
from gaitpose.pose.estimate import estimate_poses
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.estimators import BENCHMARK, OURS, choose
from gaitpose.pose.weights import read_card, weights_path, write_card

Change = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]
"""What becomes of a frame (uint8, RGB) and its number."""


@dataclass(frozen=True)
class Condition:
    """How a clip is filmed worse.

    Parameters
    ----------
    change : callable
        What becomes of each frame.
    every : int
        Only one of so many frames is kept.
    quality : int
        x264's constant rate factor; 18 is visually lossless.
    """

    change: Change
    every: int = 1
    quality: int = 12


def as_recorded(rgb: np.ndarray, _frame: int, _rng: np.random.Generator) -> np.ndarray:
    return rgb


def dark(rgb: np.ndarray, _frame: int, rng: np.random.Generator) -> np.ndarray:
    """Take three quarters of the light away; the sensor's noise stays."""
    return _as_uint8(0.25 * rgb + rng.normal(0, 5, rgb.shape))


def bright(rgb: np.ndarray, _frame: int, _rng: np.random.Generator) -> np.ndarray:
    """Overexpose: what was lighter than 60 % is white."""
    return _as_uint8(rgb / 0.6)


def blurred(rgb: np.ndarray, _frame: int, _rng: np.random.Generator) -> np.ndarray:
    """Blur by half a per cent of the height."""
    return cv2.GaussianBlur(rgb, (0, 0), 0.005 * rgb.shape[0])


def smaller(rgb: np.ndarray, _frame: int, _rng: np.random.Generator, *, scale: float) -> np.ndarray:
    return cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def far_away(rgb: np.ndarray, _frame: int, _rng: np.random.Generator) -> np.ndarray:
    """Put the picture in the middle of one twice as large."""
    height, width = (side // 2 for side in rgb.shape[:2])
    return cv2.copyMakeBorder(
        rgb, height, height, width, width, cv2.BORDER_CONSTANT, value=(90, 95, 90)
    )


def tilted(
    rgb: np.ndarray, _frame: int, _rng: np.random.Generator, *, degrees: float
) -> np.ndarray:
    return _moved(rgb, degrees, 0.0, 0.0)


def shaken(rgb: np.ndarray, frame: int, _rng: np.random.Generator) -> np.ndarray:
    """Hold it in a hand: 1 % of the height and 1 degree, to and fro about once a second."""
    height = rgb.shape[0]
    return _moved(
        rgb, np.sin(0.23 * frame), 0.01 * height * np.sin(0.19 * frame + 1),
        0.01 * height * np.sin(0.29 * frame),
    )  # fmt: skip


def grey(rgb: np.ndarray, _frame: int, _rng: np.random.Generator) -> np.ndarray:
    return cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


CONDITIONS: dict[str, Condition] = {
    "as recorded": Condition(as_recorded),
    "dark": Condition(dark),
    "overexposed": Condition(bright),
    "grey": Condition(grey),
    "out of focus": Condition(blurred),
    "half the resolution": Condition(partial(smaller, scale=0.5)),
    "person half as large": Condition(far_away),
    "camera tilted by 3 degrees": Condition(partial(tilted, degrees=3.0)),
    "camera tilted by 8 degrees": Condition(partial(tilted, degrees=8.0)),
    "camera shaken": Condition(shaken),
    "strongly compressed": Condition(as_recorded, quality=38),
    "half the frame rate": Condition(as_recorded, every=2),
}


def _as_uint8(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _moved(rgb: np.ndarray, degrees: float, right: float, down: float) -> np.ndarray:
    height, width = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turn[:, 2] += right, down
    return cv2.warpAffine(rgb, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)


def film(video: Path, condition: Condition, folder: Path) -> Path:
    """Write the clip as it would be under a condition."""
    rng = np.random.default_rng(0)
    target = folder / video.name
    with VideoReader(video) as source:
        info = source.info
        blank = np.zeros((info.height, info.width, 3), np.uint8)
        height, width = condition.change(blank, 0, np.random.default_rng(0)).shape[:2]
        fps = info.fps / condition.every
        with VideoWriter(target, width, height, fps, quality=condition.quality) as writer:
            for number, frame in enumerate(source):
                if number % condition.every == 0:
                    picture = condition.change(frame.rgb, number, rng)
                    writer.write(np.ascontiguousarray(picture), frame.time_s)
    return target


def measure(name: str, estimators: Sequence[Estimator]) -> list[dict[str, Any]]:
    """Film the clips under a condition and score each estimator on them; a row each."""
    results: list[list[tuple[Score, str]]] = [[] for _ in estimators]
    for clip, truth in sagittal_clips().items():
        with VideoReader(clip) as source:
            fps = source.info.fps
        with tempfile.TemporaryDirectory() as folder:
            video = film(clip, CONDITIONS[name], Path(folder))
            for estimator, scores in zip(estimators, results, strict=True):
                score, note = Score(), ""
                try:
                    events = analyze(estimate_poses(video, estimator=estimator)).events
                    score_strikes(events, truth, fps, score)
                except GaitPoseError as error:
                    score, note = refused(truth), str(error)
                found = f"{score.found} of {score.scorable}, {score.false} false {note}"
                print(f"  {name}, {clip.name}, {estimator.name}: {found}", flush=True)
                scores.append((score, note))
    return [
        as_row(name, estimator, scores)
        for estimator, scores in zip(estimators, results, strict=True)
    ]


def as_row(name: str, estimator: Estimator, scores: list[tuple[Score, str]]) -> dict[str, Any]:
    """Add up the clips."""
    total = sum((score for score, _ in scores), Score())
    errors = np.array(total.errors)
    return {
        "estimator": estimator.name,
        "condition": name,
        "strikes_found": total.found,
        "strikes": total.scorable,
        "found_percent": percent(total.found, total.scorable),
        "false_strikes": int(total.false),
        "mae_frames": round(float(np.abs(errors).mean()), 2) if len(errors) else "",
        "bias_frames": round(float(errors.mean()), 2) if len(errors) else "",
        "sides_right": total.sides_right,
        "sides": total.sides,
        "clips_refused": sum(bool(note) for _, note in scores),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--estimator", nargs="+", default=["mediapipe", "gaitpose"])
    parser.add_argument("--conditions", nargs="+", default=list(CONDITIONS), choices=CONDITIONS)
    parser.add_argument("--write-card", action="store_true")
    options = parser.parse_args()
    if options.write_card and (
        set(options.conditions) != set(CONDITIONS) or len(options.estimator) < 2
    ):
        parser.error("--write-card needs all conditions and both estimators")
    estimators = [choose(which) for which in options.estimator]
    rows = [row for name in options.conditions for row in measure(name, estimators)]
    write_csv(BENCHMARK, rows)
    if options.write_card:
        keep(rows)


def keep(rows: Sequence[dict[str, Any]]) -> None:
    """Write the share of strikes found to the card of the weights that are used."""
    names = dict.fromkeys(row["estimator"] for row in rows)
    own = {name: [row for row in rows if row["estimator"] == name] for name in names}
    shares = {
        name: round(sum(r["strikes_found"] for r in some) / sum(r["strikes"] for r in some), 4)
        for name, some in own.items()
    }
    path = weights_path(OURS)
    card = read_card(path)
    write_card(replace(card, results={**card.results, BENCHMARK: shares}), path)


if __name__ == "__main__":
    main()
