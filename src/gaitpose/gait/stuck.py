"""Joints that stay where they are while the body must have passed: someone stands in front.

Where a bystander or a piece of furniture hides the subject, an estimator marks what it sees there,
as surely as the subject. Its joints stand still, and then are back on the subject who has walked
on. A subject who halts has not walked on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gaitpose.gait.cleaning import CleaningSettings
from gaitpose.gait.findings import WORTH_A_WARNING, Finding, Severity
from gaitpose.gait.passes import Walks
from gaitpose.gait.seen import Seen
from gaitpose.skeleton import LEG_JOINTS, SIDES

TRUNK = tuple(f"{side}_{part}" for part in ("shoulder", "hip") for side in SIDES)

AT_LEAST = 2
"""Points of the trunk that are stuck where all joints are somebody else's."""


def drop_stuck(
    seen: Seen, frames: Sequence[slice], walks: Walks, fps: float, settings: CleaningSettings
) -> tuple[Seen, tuple[Finding, ...]]:
    """Set the points of all frames to missing in which the trunk is stuck.

    Parameters
    ----------
    seen : Seen
    frames : sequence of slice
        Frames of the input within each of the passes.
    walks : Walks
        With the direction of each. Nothing is done in 3-D.
    fps : float
        Frames per second.
    settings : CleaningSettings

    Returns
    -------
    seen : Seen
    findings : tuple of Finding

    Notes
    -----
    The trunk tells, as knees and ankles of a walker stand still at times; and two of its points, as
    a single one that is badly seen seems to stand still now and then.
    """
    if seen.is_space:
        return seen, ()
    stuck = np.zeros(len(seen.time), dtype=bool)
    for part, walk in zip(frames, walks.stretches, strict=True):
        along = seen.position[part, :, 0] * walk.heading[0] / seen.leg
        trunk = [
            find_stuck(along[:, seen.names.index(name)], fps, settings)
            for name in TRUNK
            if name in seen.names
        ]
        stuck[part] = np.sum(trunk, axis=0) >= AT_LEAST
    if not stuck.any():
        return seen, ()
    return _without(seen, stuck), (_about(seen, stuck),)


def find_stuck(along: np.ndarray, fps: float, settings: CleaningSettings) -> np.ndarray:
    """Find where a point stays although what it belongs to moves on.

    Parameters
    ----------
    along : array, (time,)
        Its place in the direction of walking, leg lengths. NaN is missing.
    fps : float
        Frames per second.
    settings : CleaningSettings

    Returns
    -------
    array of bool, (time,)
        True in every stretch over which the point moves by less than a share
        (:attr:`~.CleaningSettings.stuck_share`) of what its places shortly before and after the
        stretch say, if those are far enough apart.
    """
    stuck = np.zeros(len(along), dtype=bool)
    edge = max(1, round(settings.stuck_edge_s * fps))
    longest = min(round(settings.stuck_longest_s * fps), len(along) - 2 * edge)
    low = high = along  # least and greatest of the windows that start at each sample
    for length in range(2, longest + 1):
        low = np.fmin(low[:-1], along[length - 1 :])
        high = np.fmax(high[:-1], along[length - 1 :])
        steps = length - 1
        around = along[steps + 2 * edge :] - along[: -(steps + 2 * edge)]
        passed = around * steps / (steps + 2 * edge)
        moved = (high - low)[edge:-edge]
        found = (passed >= settings.stuck_travel) & (moved <= settings.stuck_share * passed)
        for start in np.flatnonzero(found) + edge:
            stuck[start : start + length] = True
    return stuck


def _without(seen: Seen, stuck: np.ndarray) -> Seen:
    return replace(
        seen,
        position=np.where(stuck[:, np.newaxis, np.newaxis], np.nan, seen.position),
        confidence=np.where(stuck[:, np.newaxis], 0.0, seen.confidence),
    )


def _about(seen: Seen, stuck: np.ndarray) -> Finding:
    legs = [seen.names.index(name) for name in LEG_JOINTS]
    there = np.isfinite(seen.position[:, legs, 0]).any(axis=1)
    lost = int((stuck & there).sum())
    severity: Severity = "warning" if lost > WORTH_A_WARNING * there.sum() else "info"
    message = (
        f"In {lost} frames the joints stood still while the subject must have walked on: somebody "
        "or something in front, or the picture's edge, was taken for the subject. They were left "
        "out."
    )
    return Finding("hidden-by-another", severity, message)
