"""Which of the moving things is the walker, and which other tracks are the same person's passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.io.video import Frame
from gaitpose.pose.body import Body
from gaitpose.pose.candidates import Candidate, examine, is_alike, path
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.gathering import stays
from gaitpose.pose.swing import FramesFrom, SwingSettings, legs_swing
from gaitpose.pose.tracker import Stretch
from gaitpose.pose.tracks import Track, View, shifted


class WalkerSettings(BaseModel):
    """How the walker is chosen.

    Parameters
    ----------
    person : float
        Smallest leg confidence of a person, 0..1.
    shortest_walk : float
        Who travels less than so many body heights does not walk through the picture.
    looked_at : int
        So many of those that travel farthest, and of those that move most on the spot, are shown
        to the estimator.
    pace : float
        Body heights a second that one who walks on the spot is taken to travel, to compare with
        someone who passes by.
    as_sure : float
        Who walks on the spot is preferred to someone who passes by only with this share of that
        one's leg confidence: what a hand-held camera moves looks a little like a person, too.
    limb : float
        What is smaller than so many of a surer person's heights, and moves within that person's
        box, is a foot or a hand of that one.
    fragment : float
        Another track of the subject travels at least so many of its heights.
    colour_distance : float
        Largest mean difference of colours (0..255) between two passes of one person.
    size_ratio : float
        Largest ratio of body heights between two passes of one person.
    swing : SwingSettings
        When legs swing as in walking.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: float = Field(default=0.4, ge=0, le=1)
    shortest_walk: float = Field(default=0.7, gt=0)
    looked_at: int = Field(default=8, ge=1)
    pace: float = Field(default=0.5, gt=0)
    as_sure: float = Field(default=0.8, ge=0, le=1)
    limb: float = Field(default=0.4, gt=0)
    fragment: float = Field(default=0.3, ge=0)
    colour_distance: float = Field(default=45.0, gt=0)
    size_ratio: float = Field(default=1.6, gt=1)
    swing: SwingSettings = SwingSettings()


@dataclass(frozen=True, eq=False)
class Walker:
    """The subject.

    Parameters
    ----------
    candidate : Candidate
        The track that was chosen.
    is_on_the_spot : bool
        Whether it was chosen for its swinging legs (a treadmill), not for its travel.
    """

    candidate: Candidate
    is_on_the_spot: bool


@dataclass(frozen=True, eq=False)
class Search:
    """What came of the search for a walker.

    Parameters
    ----------
    walker : Walker or None
    persons : int
        How many of those looked at are people who do not walk.
    """

    walker: Walker | None
    persons: int


def find_walker(
    tracks: list[Track], estimator: Estimator, frames_from: FramesFrom, settings: WalkerSettings
) -> Search:
    """Choose the person who walks farthest.

    Parameters
    ----------
    tracks : list of Track
        Everything that moves.
    estimator : Estimator
        Says what is a person.
    frames_from : callable
        Small frames from a moment on, to watch someone's legs.
    settings : WalkerSettings

    Returns
    -------
    Search
    """
    travelling = sorted((t for t in tracks if not stays(t)), key=lambda track: -track.travel)
    staying = sorted((t for t in tracks if stays(t)), key=lambda track: -_moved(track))
    persons = 0
    passing: Candidate | None = None
    for track in travelling[: settings.looked_at]:
        candidate = examine(track, estimator)
        if candidate.confidence < settings.person:
            continue
        if _walks_through(candidate, settings):
            passing = candidate
            break
        persons += 1
    for track in staying[: settings.looked_at]:
        alone = track if passing is None else _while_alone(track, passing.track)
        if not alone.views:
            continue
        candidate = examine(alone, estimator, stays=True)
        if candidate.confidence < settings.person:
            continue
        if passing is not None and _is_limb(passing, candidate, settings):
            passing = None
        if passing is not None and not _rivals(candidate, passing, settings):
            continue
        stretch = path(candidate)
        watched = frames_from
        if passing is not None:
            spot = Body(*np.median(stretch.bodies, axis=0)).box
            watched = _frames_while_alone(frames_from, spot, passing.track)
        if legs_swing(stretch, estimator, watched, settings.swing):
            return Search(Walker(candidate, is_on_the_spot=True), persons)
        persons += 1
    walker = None if passing is None else Walker(passing, is_on_the_spot=False)
    return Search(walker, persons)


def _moved(track: Track) -> float:
    """How much moved on a spot: size times the number of samples."""
    return track.height * len(track.times)


def _while_alone(track: Track, passing: Track) -> Track:
    """Leave out the pictures of a track in which someone passes by: they would show that one."""

    def is_alone(view: View) -> bool:
        return not _passes(passing, shifted(view.box, *view.origin), view.time_s)

    return replace(track, views=[view for view in track.views if is_alone(view)])


def _frames_while_alone(frames_from: FramesFrom, spot: Box, passing: Track) -> FramesFrom:
    """Leave out the frames in which someone passes by: those legs would seem to swing here."""

    def frames(start_s: float) -> Iterator[Frame]:
        for frame in frames_from(start_s):
            if not _passes(passing, spot, frame.time_s):
                yield frame

    return frames


def _passes(passing: Track, box: Box, time_s: float) -> bool:
    """Whether someone is in front of, behind or close beside a box at a time."""
    nearest = int(np.abs(np.array(passing.times) - time_s).argmin())
    if abs(passing.times[nearest] - time_s) > PASSING_S:
        return False
    other = passing.boxes[nearest]
    reach = BESIDE_PASSING * other.height
    return box.x1 + reach >= other.x0 and box.x0 - reach <= other.x1


PASSING_S, BESIDE_PASSING = 0.3, 0.3


def _rivals(staying: Candidate, passing: Candidate, settings: WalkerSettings) -> bool:
    """Whether one on the spot is as sure a person as the one who passes, and comes as far."""
    would_travel = settings.pace * staying.body_height * staying.duration
    is_as_sure = staying.confidence >= settings.as_sure * passing.confidence
    return is_as_sure and would_travel >= passing.track.travel


def _is_limb(passing: Candidate, staying: Candidate, settings: WalkerSettings) -> bool:
    """Whether what passes is a foot or a hand of a surer person who stays on the spot."""
    if (
        passing.body_height > settings.limb * staying.body_height
        or passing.confidence > staying.confidence
    ):
        return False
    spot = Body(*np.median(path(staying).bodies, axis=0)).box
    slack = LIMB_SLACK * spot.height
    inside = [
        spot.x0 - slack <= x <= spot.x1 + slack and spot.y0 - slack <= y <= spot.y1 + slack
        for x, y in (box.centre for box in passing.track.boxes)
    ]
    return float(np.mean(inside)) > MOSTLY


LIMB_SLACK, MOSTLY = 0.1, 0.8
"""How far limbs reach beyond a body's box, in its heights; share of the time that is mostly."""


def stretches_of(
    walker: Walker, tracks: list[Track], estimator: Estimator, width: int, settings: WalkerSettings
) -> list[Stretch]:
    """Gather all that was seen of the subject, pass by pass.

    Parameters
    ----------
    walker : Walker
    tracks : list of Track
        Everything that moves.
    estimator : Estimator
    width : int
        Of the small frames, px.
    settings : WalkerSettings

    Returns
    -------
    list of Stretch
        In time order, px of the small frames. One who walks on the spot stays for the whole video.

    Notes
    -----
    Another track belongs to the subject if it is not at the same time, begins (or ends) where the
    neighbouring pass ended (or began) or both at a side of the picture, and is alike in size and
    clothes.
    """
    if walker.is_on_the_spot:
        return [path(walker.candidate).forever()]
    chosen = [walker.candidate]
    for track in sorted(tracks, key=lambda track: -track.travel):
        if track.travel < settings.fragment * track.height or not _is_mostly_free(track, chosen):
            continue
        other = examine(track, estimator)
        if (
            other.confidence >= settings.person
            and _fits(other.track, chosen, width)
            and is_alike(walker.candidate, other, settings.colour_distance, settings.size_ratio)
        ):
            chosen.append(other)
    return sorted((path(one) for one in chosen), key=lambda stretch: float(stretch.times[0]))


def _is_mostly_free(track: Track, chosen: list[Candidate]) -> bool:
    """Whether a track lies mostly in times at which the subject is not yet known to be."""
    covered = sum(
        max(
            0.0, min(track.times[-1], one.track.times[-1]) - max(track.times[0], one.track.times[0])
        )
        for one in chosen
    )
    return covered <= (track.times[-1] - track.times[0]) / 2


def _fits(track: Track, chosen: list[Candidate], width: int) -> bool:
    """Whether a track can be another pass of the chosen ones: by time and place."""
    start, end = track.times[0] + OVERLAP_S / 2, track.times[-1] - OVERLAP_S / 2
    for one in chosen:
        if min(end, one.track.times[-1]) >= max(start, one.track.times[0]):
            return False
    earlier = [one.track for one in chosen if one.track.times[-1] < start]
    later = [one.track for one in chosen if one.track.times[0] > end]
    before = max(earlier, key=lambda other: other.times[-1]) if earlier else None
    after = min(later, key=lambda other: other.times[0]) if later else None
    return (before is None or _follows(before, track, width)) and (
        after is None or _follows(track, after, width)
    )


OVERLAP_S = 0.3
"""Two tracks of one person may overlap by so much: one is taken for the other for a moment."""


def _follows(before: Track, after: Track, width: int) -> bool:
    """Whether the later track begins where the earlier one ended, or both are at a side."""
    gone, back = before.boxes[-1], after.boxes[0]
    reach = NEAR * max(gone.height, back.height)
    is_near = abs(gone.centre[0] - back.centre[0]) <= reach
    at_side = [min(box.x0, width - box.x1) <= AT_SIDE * box.height for box in (gone, back)]
    return is_near or all(at_side)


NEAR, AT_SIDE = 1.0, 0.25
"""In heights: how near is the same place, and how near to the picture's side is at the side."""


def pointed_at(
    tracks: list[Track],
    point: tuple[float, float],
    seconds: float | None,
    estimator: Estimator,
    settings: WalkerSettings,
) -> Walker | None:
    """Choose the person whose box holds a point.

    Parameters
    ----------
    tracks : list of Track
    point : (float, float)
        x, y, px of the small frames.
    seconds : float, optional
        When; at any time if not given.
    estimator : Estimator
    settings : WalkerSettings

    Returns
    -------
    Walker or None
        The largest and longest in view, if there are several; None if nothing that moves there is
        a person.
    """
    x, y = point
    found = [
        track
        for track in tracks
        if any(
            box.x0 <= x <= box.x1
            and box.y0 <= y <= box.y1
            and (seconds is None or abs(time_s - seconds) <= POINTED_WITHIN_S)
            for time_s, box in zip(track.times, track.boxes, strict=True)
        )
    ]
    candidates = [(examine(track, estimator, stays=stays(track)), stays(track)) for track in found]
    persons = [
        Walker(candidate, is_on_the_spot=stays_there)
        for candidate, stays_there in candidates
        if candidate.confidence >= settings.person
        and candidate.duration >= BRIEF_S
        and (stays_there or _walks_through(candidate, settings))
    ]
    return max(persons, key=lambda walker: _presence(walker.candidate), default=None)


def _walks_through(candidate: Candidate, settings: WalkerSettings) -> bool:
    return candidate.track.travel >= settings.shortest_walk * candidate.body_height


def _presence(candidate: Candidate) -> float:
    """How much of a person there is: size, time and confidence together."""
    return candidate.confidence * candidate.duration * candidate.body_height


POINTED_WITHIN_S, BRIEF_S = 0.2, 0.8
