"""From seen points to tracks: names repaired, outliers out, gaps filled, on the grid, filtered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitpose.gait.cleaning import (
    CleaningSettings,
    fill_gaps,
    find_outliers,
    nearest_frame,
    resample,
)
from gaitpose.gait.findings import WORTH_A_WARNING, Finding, Severity
from gaitpose.gait.laterality import (
    LateralitySettings,
    Repair,
    exchange,
    find_single_swaps,
    repair_pass,
)
from gaitpose.gait.passes import Walks, near_side
from gaitpose.gait.seen import Seen
from gaitpose.gait.smoothing import SmoothingSettings, choose_cutoff, low_pass
from gaitpose.skeleton import LEG_JOINTS

PASS_MARGIN_S = 0.3
"""Names are repaired this far beyond a pass, so that the low-pass meets no exchanged legs there."""


@dataclass(frozen=True)
class Tracks:
    """Upright positions on the uniform grid.

    Parameters
    ----------
    filled : array, (time, keypoints, space)
        Names repaired, outliers out, short gaps filled.
    filtered : array, (time, keypoints, space)
        The same after the low-pass.
    measured : array of bool, (time, keypoints)
        Where a sample was really there.
    swapped : array of bool, (time, keypoints)
        Where left and right were exchanged.
    cutoff_hz : float
        Of the low-pass; infinite where there was none.
    """

    filled: np.ndarray
    filtered: np.ndarray
    measured: np.ndarray
    swapped: np.ndarray
    cutoff_hz: float


def repair_names(
    seen: Seen, grid: np.ndarray, walks: Walks, settings: LateralitySettings
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """Find which points carry the other side's name.

    Parameters
    ----------
    seen : Seen
    grid : array, (time,)
        Seconds.
    walks : Walks
    settings : LateralitySettings

    Returns
    -------
    swapped : array of bool, (frames, keypoints)
        Frames of the input.
    findings : tuple of Finding
    """
    if not settings.enabled:
        return np.zeros(seen.confidence.shape, dtype=bool), ()
    if seen.is_space:
        swapped = find_single_swaps(seen.position, seen.names, seen.leg, settings)
        return swapped, _about_swaps(swapped, ())
    # In a frame that repeats the one before, nobody moves: neither leg can be followed.
    position = np.where(seen.frozen[:, np.newaxis, np.newaxis], np.nan, seen.position)
    swapped = np.zeros(seen.confidence.shape, dtype=bool)
    repairs = []
    inside = np.zeros(len(seen.time), dtype=bool)
    for part, walk in zip(_parts(seen.time, grid, walks), walks.stretches, strict=True):
        repair = repair_pass(
            position[part],
            seen.confidence[part],
            seen.time[part],
            seen.names,
            seen.leg,
            near_side(walk),
            settings,
        )
        swapped[part] = repair.swapped
        inside[part] = True
        repairs.append(repair)
    return swapped, _about_swaps(swapped[inside], repairs)


def _parts(time: np.ndarray, grid: np.ndarray, walks: Walks) -> list[slice]:
    """Return the frames of each pass and a margin, halfway to the next pass at most."""
    bounds = [(grid[walk.start], grid[walk.stop - 1]) for walk in walks.stretches]
    starts = [start - PASS_MARGIN_S for start, _ in bounds]
    stops = [stop + PASS_MARGIN_S for _, stop in bounds]
    for index in range(1, len(bounds)):
        middle = (bounds[index - 1][1] + bounds[index][0]) / 2
        stops[index - 1] = min(stops[index - 1], middle)
        starts[index] = max(starts[index], middle)
    edges = np.searchsorted(time, [starts, stops]).T
    return [slice(int(first), int(last)) for first, last in edges]


def _about_swaps(swapped: np.ndarray, repairs: Sequence[Repair]) -> tuple[Finding, ...]:
    findings = []
    frames = np.asarray(swapped.any(axis=1))
    if frames.any():
        share = float(frames.mean())
        severity: Severity = "warning" if share > 0.25 else "info"
        message = (
            f"Left and right were exchanged in {int(frames.sum())} of {len(frames)} frames "
            f"({100 * share:.1f} %) and were put right."
        )
        findings.append(Finding("swaps-repaired", severity, message))
    doubtful = [repair.agreement for repair in repairs if repair.in_doubt]
    if doubtful:
        message = (
            "The estimator's names agree with the repaired ones in only "
            f"{100 * min(doubtful):.0f} % of a pass: left and right of that whole pass may be "
            "exchanged."
        )
        findings.append(Finding("laterality-uncertain", "warning", message))
    return tuple(findings)


def make_tracks(
    seen: Seen,
    swapped: np.ndarray,
    grid: np.ndarray,
    fps: float,
    cleaning: CleaningSettings,
    smoothing: SmoothingSettings,
) -> tuple[Tracks, tuple[Finding, ...]]:
    """Clean, resample and filter the seen points.

    Parameters
    ----------
    seen : Seen
    swapped : array of bool, (frames, keypoints)
    grid : array, (time,)
        Seconds, uniform.
    fps : float
        Of the grid.
    cleaning, smoothing : settings of those steps

    Returns
    -------
    tracks : Tracks
    findings : tuple of Finding
    """
    position = exchange(seen.position, swapped, seen.names)
    position = np.where(seen.frozen[:, np.newaxis, np.newaxis], np.nan, position)
    outliers = find_outliers(position, fps, seen.leg, cleaning)
    position = np.where(outliers[..., np.newaxis], np.nan, position)
    measured = resample(position, seen.time, grid)
    filled = fill_gaps(measured, round(cleaning.longest_gap_s * fps))
    legs = [seen.names.index(name) for name in LEG_JOINTS]
    cutoff = choose_cutoff(filled[:, legs], fps, seen.leg, smoothing)
    tracks = Tracks(
        filled=filled,
        filtered=low_pass(filled, fps, cutoff, smoothing),
        measured=np.isfinite(measured[..., 0]),
        swapped=swapped[nearest_frame(seen.time, grid)],
        cutoff_hz=cutoff,
    )
    return tracks, (
        *_about_frames(seen, grid, fps),
        *_about_outliers(outliers, legs),
        *_about_cutoff(cutoff, fps, smoothing),
    )


def _about_frames(seen: Seen, grid: np.ndarray, fps: float) -> list[Finding]:
    findings = []
    if seen.frozen.any():
        message = (
            f"{int(seen.frozen.sum())} frames repeat the one before (frozen or duplicated); they "
            "count as missing."
        )
        findings.append(Finding("frozen-frames", "info", message))
    if not np.array_equal(seen.time, grid):
        message = (
            f"The frames come at uneven times; they were brought to a uniform {fps:.2f} frames/s."
        )
        findings.append(Finding("uneven-frame-times", "info", message))
    return findings


def _about_outliers(outliers: np.ndarray, legs: Sequence[int]) -> list[Finding]:
    count = int(outliers[:, legs].sum())
    if not count:
        return []
    share = count / outliers[:, legs].size
    message = f"{count} positions of leg joints ({100 * share:.1f} %) were outliers and left out."
    return [Finding("outliers-removed", "warning" if share > WORTH_A_WARNING else "info", message)]


def _about_cutoff(cutoff: float, fps: float, settings: SmoothingSettings) -> list[Finding]:
    if settings.cutoff_hz >= settings.highest_share * fps:
        message = (
            f"{fps:.1f} frames/s are too few for a low-pass of {settings.cutoff_hz:g} Hz: nothing "
            "was filtered, and peaks of angles may be missed."
        )
        return [Finding("low-frame-rate", "warning", message)]
    if np.isinf(cutoff):
        message = "The positions carry so little noise that they were not filtered."
        return [Finding("clean-recording", "info", message)]
    if cutoff > settings.cutoff_hz:
        message = (
            f"The positions carry so little noise that the low-pass was set to {cutoff:g} Hz "
            f"instead of {settings.cutoff_hz:g} Hz."
        )
        return [Finding("clean-recording", "info", message)]
    return []
