"""Put together what moves on the spot: the legs, or arms, of one who does not travel.

Of a person on a treadmill only the limbs differ from the background, each for itself. All that
moves in one place, for whatever part of the time, becomes one track with one box that holds it.
"""

from __future__ import annotations

import numpy as np

from gaitpose.pose.estimator import Box
from gaitpose.pose.tracks import Track, View, shifted

ON_THE_SPOT = 0.6
"""A track that travels less than so many of its heights stays on the spot."""

BESIDE = 0.35
"""Boxes are in one place if they touch when widened by so much of their height."""


def stays(track: Track) -> bool:
    """Whether a track stays on one spot."""
    return track.travel < ON_THE_SPOT * track.height


def gather_on_the_spot(tracks: list[Track], views_kept: int) -> list[Track]:
    """Join the tracks that stay on one spot; leave those that travel as they are.

    Parameters
    ----------
    tracks : list of Track
    views_kept : int
        Pictures that a joined track keeps.

    Returns
    -------
    list of Track
        Those that travel, then the joined ones. A joined track has one and the same box and
        place at all its times.
    """
    groups: list[list[Track]] = []
    staying = [track for track in tracks if stays(track)]
    for track in sorted(staying, key=lambda track: -len(track.times)):
        touching = [group for group in groups if any(_touch(track, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([track, *(other for group in touching for other in group)])
    travelling = [track for track in tracks if not stays(track)]
    return travelling + [_joined(group, views_kept) for group in groups]


def _usual_box(track: Track) -> Box:
    return Box(*(float(edge) for edge in np.median(np.array(track.boxes), axis=0)))


def _touch(one: Track, other: Track) -> bool:
    a, b = _usual_box(one), _usual_box(other)
    reach = BESIDE * max(a.height, b.height)
    beside = max(a.x0, b.x0) - min(a.x1, b.x1)
    above = max(a.y0, b.y0) - min(a.y1, b.y1)
    return beside <= reach and above <= reach


def _joined(group: list[Track], views_kept: int) -> Track:
    """One track of several; its box holds all of theirs but for stray ones."""
    boxes = np.concatenate([np.array(track.boxes) for track in group])
    x0, y0 = np.percentile(boxes[:, :2], 10, axis=0)
    x1, y1 = np.percentile(boxes[:, 2:], 90, axis=0)
    box = Box(float(x0), float(y0), float(x1), float(y1))
    times = sorted({time_s for track in group for time_s in track.times})
    place = np.median([place for track in group for place in track.places], axis=0)
    views = [view for track in group for view in track.views]
    widest = sorted(views, key=lambda view: -_shown(view, box))[: 2 * views_kept]
    widest.sort(key=lambda view: view.time_s)
    picked = np.unique(np.linspace(0, len(widest) - 1, views_kept).round().astype(int))
    return Track(
        times=times,
        boxes=[box] * len(times),
        places=[place] * len(times),
        views=[_reboxed(widest[i], box) for i in picked],
    )


def _shown(view: View, box: Box) -> float:
    """How much of a box a picture shows, px."""
    rows, columns = view.shape
    left, top = view.origin
    across = min(box.x1, left + columns) - max(box.x0, left)
    down = min(box.y1, top + rows) - max(box.y0, top)
    return max(across, 0.0) * max(down, 0.0)


def _reboxed(view: View, box: Box) -> View:
    column, row = view.origin
    return view._replace(box=shifted(box, -column, -row))
