"""What a moving thing is: is it a person, how tall, where are the hips; and who is the same person.

The pose estimator looks at a few small pictures of a track. Each is tried as a whole body and as
the lower half of one, because many recordings show legs only and every top-down estimator squeezes
a whole skeleton into the box it is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from gaitpose.pose.body import HIP_ABOVE_MIDDLE, body_of, leg_confidence
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.tracker import Stretch
from gaitpose.pose.tracks import Track, View

LEGS_TO_BODY = 1.9
"""A box around hip to feet, stretched upwards by this, is about a box around the whole body."""

UPPER_TO_BODY = 2.2
"""A box around moving arms, stretched downwards by this, is about a box around the whole body."""

HIPS_AT_TOP = 0.3
"""Hips in this upper share of the moving region: what is seen are legs only."""

CREDIBLE = 0.3
"""Leg confidence from which a picture's joints count."""


@dataclass(frozen=True)
class Look:
    """What the estimator found in one picture of a track, relative to the moving region.

    Parameters
    ----------
    time_s : float
        Seconds.
    confidence : float
        Of the leg joints, 0..1.
    hip_x, hip_y : float
        Where the hips are from the middle of the box, in heights of the box.
    scale : float
        Body height over the height of the box.
    """

    time_s: float
    confidence: float
    hip_x: float
    hip_y: float
    scale: float


@dataclass(frozen=True, eq=False)
class Candidate:
    """A track, and what the pose estimator makes of it.

    Parameters
    ----------
    track : Track
        The moving thing, while it looks like a person: a track may begin or end as something else.
    confidence : float
        Median leg confidence over its pictures, 0..1; low for what is no person.
    looks : tuple of Look
        The credible ones that agree with each other, in time order; at least one.
    colours : float array, (3, 3)
        Mean colour of the upper, middle and lower third of its core, 0..255.
    is_legs_only : bool
        Whether the picture shows the lower half of the body only.
    """

    track: Track
    confidence: float
    looks: tuple[Look, ...]
    colours: np.ndarray
    is_legs_only: bool

    @property
    def duration(self) -> float:
        """Seconds from the first to the last sighting."""
        return self.track.times[-1] - self.track.times[0]

    @property
    def body_height(self) -> float:
        """Usual body height, px of the small frames."""
        return self.track.height * float(np.median([look.scale for look in self.looks]))


def examine(track: Track, estimator: Estimator, *, stays: bool = False) -> Candidate:
    """Let the estimator look at a track's pictures.

    Parameters
    ----------
    track : Track
    estimator : Estimator
    stays : bool
        Whether it stays on one spot: then the moving part may also be arms, with the body below.

    Returns
    -------
    Candidate
    """
    whole, legs = (
        [_look(view, _stretched(view.box, up=up), estimator) for view in track.views]
        for up in (1.0, LEGS_TO_BODY)
    )
    tried = [whole, legs]
    if stays:
        upper = [_look(v, _stretched(v.box, down=UPPER_TO_BODY), estimator) for v in track.views]
        tried.append(upper)
    best = np.array([max(look.confidence for look in looks) for looks in zip(*tried, strict=True)])
    shown = _credible_span(best)
    part = _during(track, shown)
    is_legs_only = _is_cut_off(part) and _hips_are_at_top(legs[shown])
    surest = max(tried, key=lambda looks: sum(look.confidence for look in looks))
    looks = _that_agree((legs if is_legs_only else surest if stays else whole)[shown])
    confidence = float(np.median(best[shown]))
    return Candidate(part, confidence, tuple(looks), _colours(part.views), is_legs_only)


def _credible_span(confidence: np.ndarray) -> slice:
    """From the look before the first credible one to the look after the last; all if none is."""
    credible = np.flatnonzero(confidence >= CREDIBLE)
    if not len(credible):
        return slice(0, len(confidence))
    return slice(max(0, int(credible[0]) - 1), int(credible[-1]) + 2)


def _during(track: Track, shown: slice) -> Track:
    """Return the part of a track that lies between some of its pictures."""
    views = track.views[shown]
    is_first, is_last = views[0] is track.views[0], views[-1] is track.views[-1]
    start = track.times[0] if is_first else views[0].time_s
    end = track.times[-1] if is_last else views[-1].time_s
    kept = [i for i, time_s in enumerate(track.times) if start <= time_s <= end]
    return replace(
        track,
        times=[track.times[i] for i in kept],
        boxes=[track.boxes[i] for i in kept],
        places=[track.places[i] for i in kept],
        views=views,
    )


def _is_cut_off(track: Track) -> bool:
    """Whether a straight edge (of the picture, usually) cuts the track off above.

    Heads bob as people walk; a region whose top stays on one row has none.
    """
    tops = np.array([box.y0 for box in track.boxes])
    row = float(np.median(tops))
    return row <= EDGE_PX or float(np.mean(np.abs(tops - row) <= EDGE_PX)) >= MOSTLY


EDGE_PX, MOSTLY = 1.5, 0.8


def _hips_are_at_top(legs: list[Look]) -> bool:
    """Whether the hips are near the top of the region when it is looked at as legs."""
    tops = [look.hip_y + 0.5 < HIPS_AT_TOP for look in legs if look.confidence >= CREDIBLE]
    return len(tops) >= 2 and float(np.mean(tops)) > 0.5


def _stretched(box: Box, *, up: float = 1.0, down: float = 1.0) -> Box:
    return Box(box.x0, box.y1 - up * box.height, box.x1, box.y0 + down * box.height)


def _look(view: View, box: Box, estimator: Estimator) -> Look:
    """Look at a picture of a track in a box made from the track's own."""
    joints = estimator.predict(view.rgb, box)
    body = body_of(joints)
    middle_x, middle_y = view.box.centre
    height = view.box.height
    beside = abs(body.x - middle_x) - box.width / 2
    above = abs(body.y - box.centre[1]) - box.height / 2
    return Look(
        view.time_s,
        leg_confidence(joints) if max(beside, above) <= BESIDE * height else 0.0,
        (body.x - middle_x) / height,
        (body.y - middle_y) / height,
        body.height / height,
    )


BESIDE = 0.15
"""Hips farther out of the box than this (in its heights) belong to someone else."""


def _that_agree(looks: list[Look]) -> list[Look]:
    """Keep the credible looks near their median; an upright body that fills its box if none is."""
    credible = [look for look in looks if look.confidence >= CREDIBLE]
    if not credible:
        return [Look(looks[0].time_s, 0.0, 0.0, -HIP_ABOVE_MIDDLE, 1.0)]
    values = np.array([(k.hip_x, k.hip_y, np.log(k.scale)) for k in credible])
    is_near = (np.abs(values - np.median(values, axis=0)) <= AGREEMENT).all(axis=1)
    return [look for look, near in zip(credible, is_near, strict=True) if near] or credible


AGREEMENT = (0.3, 0.3, 0.3)
"""Largest deviation from the median: hip across and up (box heights), log of the scale."""


def _colours(views: list[View]) -> np.ndarray:
    """Mean colour of the upper, middle and lower third of the middle column of the boxes."""
    thirds = []
    for view in views:
        rgb, box = view.rgb, view.box
        left, right = (round(box.x0 + share * box.width) for share in (0.3, 0.7))
        rows = np.linspace(box.y0, box.y1, 4).round().astype(int)
        parts = [
            rgb[max(0, top) : max(bottom, top + 1), max(0, left) : max(right, left + 1)]
            for top, bottom in pairwise(rows)
        ]
        if all(part.size for part in parts):
            thirds.append([part.reshape(-1, 3).mean(axis=0) for part in parts])
    return np.median(thirds, axis=0) if thirds else np.full((3, 3), np.nan)


def is_alike(one: Candidate, other: Candidate, colour_distance: float, size_ratio: float) -> bool:
    """Whether two candidates are alike in size and clothes.

    Parameters
    ----------
    one, other : Candidate
    colour_distance : float
        Largest mean difference of colours, 0..255.
    size_ratio : float
        Largest ratio of body heights.
    """
    ratio = one.body_height / other.body_height
    is_other_size = not 1 / size_ratio <= ratio <= size_ratio
    is_other_colour = float(np.mean(np.abs(one.colours - other.colours))) > colour_distance
    return not (is_other_size or is_other_colour)


def path(candidate: Candidate) -> Stretch:
    """Smooth mid-hip and body height of a candidate, px of the small frames.

    Parameters
    ----------
    candidate : Candidate

    Returns
    -------
    Stretch
        On the track's own sample times.

    Notes
    -----
    A running median takes out samples in which the region ran together with another one or with a
    shadow; the horizontal place is then fitted locally by a line, so that a walker's own speed is
    no lag. What the estimator saw in the pictures corrects it between them.
    """
    track = candidate.track
    times, boxes = np.array(track.times), np.array(track.boxes)
    height = running_median(boxes[:, 3] - boxes[:, 1], STEADY_S, times)
    middle = running_median((boxes[:, 1] + boxes[:, 3]) / 2, STEADY_S, times)
    across = running_median((boxes[:, 0] + boxes[:, 2]) / 2, SPIKE_S, times)
    across = local_line(across, LINE_S, times)
    looked = [look.time_s for look in candidate.looks]
    hip_x, hip_y = (
        np.interp(times, looked, _without_spikes(np.array(values)))
        for values in zip(*((look.hip_x, look.hip_y) for look in candidate.looks), strict=True)
    )
    scale = candidate.body_height / track.height
    bodies = np.column_stack([across + hip_x * height, middle + hip_y * height, height * scale])
    return Stretch(times, bodies, has_fixed_size=candidate.is_legs_only)


SPIKE_S, LINE_S, STEADY_S = 0.15, 0.35, 0.75
"""Seconds on either side for spikes, for the line, and for height and level."""


def running_median(values: np.ndarray, reach_s: float, times: np.ndarray) -> np.ndarray:
    """Median of the values within `reach_s` of each time."""
    return np.array([np.median(values[np.abs(times - t) <= reach_s]) for t in times])


def local_line(values: np.ndarray, reach_s: float, times: np.ndarray) -> np.ndarray:
    """Fit a line to the values within `reach_s` of each time; return its value there."""
    fitted = np.empty(len(values))
    for index, t in enumerate(times):
        near = np.abs(times - t) <= reach_s
        x, y = times[near] - t, values[near]
        spread = float(np.sum((x - x.mean()) ** 2))
        slope = float(np.sum((x - x.mean()) * y)) / spread if spread > 0 else 0.0
        fitted[index] = y.mean() - slope * x.mean()
    return fitted


def _without_spikes(values: np.ndarray) -> np.ndarray:
    """Median of each value and its two neighbours."""
    padded = np.pad(values, 1, mode="edge")
    return np.median([padded[:-2], values, padded[2:]], axis=0)
