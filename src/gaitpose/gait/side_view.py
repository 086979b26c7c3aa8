"""The walk as an infinitely distant, level camera beside it would see it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gaitpose.gait import robust
from gaitpose.gait.findings import Finding, Severity
from gaitpose.gait.floor import FloorSettings, find_roll
from gaitpose.gait.passes import Stretch, Walks, near_side
from gaitpose.gait.perspective import (
    PerspectiveSettings,
    far_leg_lead,
    find_growth,
    rectified,
    relative_sizes,
)
from gaitpose.gait.scale import segment_lengths
from gaitpose.gait.seen import Seen
from gaitpose.gait.tracks import Tracks
from gaitpose.skeleton import SIDES


def orthogonal_view(
    tracks: Tracks,
    walks: Walks,
    seen: Seen,
    fps: float,
    perspective: PerspectiveSettings,
    floor: FloorSettings,
) -> tuple[Tracks, float, tuple[Finding, ...]]:
    """Undo obliqueness, roll and nearness of the camera.

    Parameters
    ----------
    tracks : Tracks
        Of a picture.
    walks : Walks
    seen : Seen
    fps : float
    perspective, floor : settings of those steps

    Returns
    -------
    tracks : Tracks
        Inside the passes all points are as large as at the near hip's depth.
    roll : float
        Angle of the floor in the picture, degrees, which is level now.
    findings : tuple of Finding
    """
    can_tell = seen.centre is not None and walks.surface == "overground" and perspective.enabled
    growths = [
        _growth(tracks, walk, seen, fps, perspective) if can_tell else 0.0
        for walk in walks.stretches
    ]
    for walk, growth in zip(walks.stretches, growths, strict=True):
        if growth:
            tracks = _rectify(tracks, walk, seen, growth)
    roll, findings = _roll(tracks, walks, seen, fps, floor)
    tracks = replace(
        tracks, filled=turned(tracks.filled, roll), filtered=turned(tracks.filtered, roll)
    )
    centre = None if seen.centre is None else turned(seen.centre, roll)
    for walk, growth in zip(walks.stretches, growths, strict=True):
        part = slice(walk.start, walk.stop)
        sizes = relative_sizes(tracks.filtered[part], seen, walk, walks.surface, fps, perspective)
        tracks = _resize(tracks, walk, seen, sizes, centre)
        if growth:
            tracks = _abreast(tracks, walk, seen, growth, perspective)
    yaws = np.degrees(np.arctan(np.array(growths) * seen.focal))
    told = (
        *_about_size(seen, walks, perspective),
        *_about_obliqueness(yaws, perspective),
        *findings,
    )
    return tracks, roll, told


def turned(points: np.ndarray, degrees: float) -> np.ndarray:
    """Turn points (..., 2) so that a line that rises by ``degrees`` towards +x becomes level."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return points @ np.array([[cosine, -sine], [sine, cosine]])


def _growth(
    tracks: Tracks, walk: Stretch, seen: Seen, fps: float, settings: PerspectiveSettings
) -> float:
    assert seen.centre is not None
    position = tracks.filtered[walk.start : walk.stop] - seen.centre
    return find_growth(position, seen, walk, fps, settings)


def _rectify(tracks: Tracks, walk: Stretch, seen: Seen, growth: float) -> Tracks:
    assert seen.centre is not None
    filled, filtered = tracks.filled.copy(), tracks.filtered.copy()
    for values in (filled, filtered):
        part = values[walk.start : walk.stop]
        values[walk.start : walk.stop] = rectified(part, growth, seen.centre, seen.focal)
    return replace(tracks, filled=filled, filtered=filtered)


def _resize(
    tracks: Tracks, walk: Stretch, seen: Seen, sizes: np.ndarray, centre: np.ndarray | None
) -> Tracks:
    """Bring all points to the size of the near hip's depth.

    x = z X/fx (Eq. 6 of the article), and X counts from the principal point. Where that is not
    known, the mean place of the hips over the pass stands in, and the far side is shifted until
    both hips have it; a constant rotation of the pelvis is lost by that.
    """
    part = slice(walk.start, walk.stop)
    hips = tracks.filtered[part][:, seen.columns("hip")]
    origin = np.nan_to_num(robust.mean(robust.mean(hips, axis=1))) if centre is None else centre
    shift = (1.0 - sizes)[:, np.newaxis] * origin
    if centre is None:
        near = SIDES.index(near_side(walk))
        hips = hips * sizes[seen.columns("hip"), np.newaxis] + shift[seen.columns("hip")]
        far = [not name.startswith(SIDES[near]) for name in seen.names]
        shift[far] += np.nan_to_num(robust.mean(hips[:, near] - hips[:, 1 - near]))
    filled, filtered = tracks.filled.copy(), tracks.filtered.copy()
    for values in (filled, filtered):
        values[part] = values[part] * sizes[:, np.newaxis] + shift
    return replace(tracks, filled=filled, filtered=filtered)


def _abreast(
    tracks: Tracks, walk: Stretch, seen: Seen, growth: float, settings: PerspectiveSettings
) -> Tracks:
    """Take back the lead that the far side has of an oblique walk."""
    near = SIDES.index(near_side(walk))
    lengths = segment_lengths(tracks.filtered[walk.start : walk.stop], seen.names)[:, near]
    leg = float(np.nan_to_num(robust.median(lengths.sum(axis=1))))
    lead = far_leg_lead(growth, seen.focal, leg, settings)
    far = [not name.startswith(SIDES[near]) for name in seen.names]
    filled, filtered = tracks.filled.copy(), tracks.filtered.copy()
    for values in (filled, filtered):
        values[walk.start : walk.stop, far, 0] -= lead
    return replace(tracks, filled=filled, filtered=filtered)


def _roll(
    tracks: Tracks, walks: Walks, seen: Seen, fps: float, settings: FloorSettings
) -> tuple[float, tuple[Finding, ...]]:
    if not settings.enabled:
        return 0.0, ()
    ankles = [
        tracks.filtered[walk.start : walk.stop, seen.columns("ankle")] for walk in walks.stretches
    ]
    roll = find_roll(ankles, fps, seen.leg, walks.surface, settings)
    if roll is None:
        message = (
            "The floor line could not be found (too few, too close or too scattered footholds), so "
            "the camera is taken as level; its roll would shift hip and trunk angles by as much."
        )
        return 0.0, (Finding("floor-not-found", "warning", message),)
    if abs(roll) < settings.worth_telling_deg:
        return roll, ()
    message = f"The floor is tilted by {roll:.1f} degrees in the picture; this was corrected."
    return roll, (Finding("floor-levelled", "info", message),)


def _about_size(seen: Seen, walks: Walks, settings: PerspectiveSettings) -> tuple[Finding, ...]:
    if seen.centre is not None or walks.surface == "treadmill" or not settings.enabled:
        return ()
    message = (
        "The size of the picture is not known, so each pass is taken to lie in its middle. Where "
        "one does not, and the camera is near, left and right step length differ by some per cent "
        "without any difference in the person. Give it (--picture-size)."
    )
    return (Finding("picture-size-unknown", "warning", message),)


def _about_obliqueness(yaws: np.ndarray, settings: PerspectiveSettings) -> tuple[Finding, ...]:
    told = yaws[np.abs(yaws) >= settings.yaw_worth_telling_deg]
    if not len(told):
        return ()
    worst = float(np.abs(told).max())
    message = (
        f"The walk is oblique to the picture in {len(told)} of {len(yaws)} passes, by up to "
        f"{worst:.0f} degrees; this was corrected."
    )
    severity: Severity = "warning" if worst > 10 else "info"
    return (Finding("oblique-walk", severity, message),)
