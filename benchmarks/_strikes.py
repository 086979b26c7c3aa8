"""Foot strikes of the real side-view clips against those read by eye."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from _record import shared_data

WITHIN = 2
"""Frames that a detected strike may be away from the one read by eye."""


@dataclass
class Score:
    """What is counted, over one clip or all."""

    right_person: int = 0
    person_frames: int = 0
    found: int = 0
    scorable: int = 0
    false: int = 0
    errors: list[float] = field(default_factory=list)
    sides_right: int = 0
    sides: int = 0
    mirrored_same: int = 0
    mirrored_of: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


def sagittal_clips() -> dict[Path, dict[str, Any]]:
    """Return the clips, and what was read by eye in each."""
    folder = shared_data() / "gait" / "sagittal_video"
    truths = json.loads((folder / "heel_strikes.json").read_text())
    return {folder / clip: truth for clip, truth in truths.items()}


def refused(truth: dict[str, Any]) -> Score:
    """Return the score of a clip that is not analysed: no strike found."""
    return Score(scorable=sum(not strike.get("uncertain") for strike in truth["strikes"]))


def score_strikes(events: pd.DataFrame, truth: dict[str, Any], fps: float, score: Score) -> None:
    """Match detected strikes to those read by eye, pass by pass, nearest first."""
    strikes = events[events.kind == "foot_strike"]
    detected = strikes.time_s.to_numpy() * fps
    near_leg = truth.get("near_leg", {})
    free = set(range(len(detected)))
    for strike in truth["strikes"]:
        nearest = min(free, key=lambda i: abs(detected[i] - strike["frame"]), default=None)
        error = np.inf if nearest is None else detected[nearest] - strike["frame"]
        if strike.get("uncertain"):
            if abs(error) <= 2 * WITHIN + 1:
                free.discard(nearest)
            continue
        score.scorable += 1
        if abs(error) > WITHIN + 0.5:
            continue
        free.discard(nearest)
        score.found += 1
        score.errors.append(float(error))
        if strike["side"] in ("near", "far"):
            is_near = strikes.side.iloc[nearest] == near_leg[strike["pass"]]
            score.sides += 1
            score.sides_right += is_near == (strike["side"] == "near")
    for first, last in passes(truth):
        score.false += sum(first + WITHIN < detected[i] < last - WITHIN for i in free)


def passes(truth: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """First and last strike of each pass."""
    for name in sorted({strike["pass"] for strike in truth["strikes"]}):
        frames = [strike["frame"] for strike in truth["strikes"] if strike["pass"] == name]
        yield min(frames), max(frames)


def percent(part: int, whole: int) -> float | str:
    """Share in per cent; empty if there is nothing to count."""
    return round(100 * part / whole, 1) if whole else ""
