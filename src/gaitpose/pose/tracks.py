"""From moving pixels to tracks: each thing that moves, its boxes over time, how far it travels.

No network takes part: regions of moving pixels are joined into upright shapes, and carried from
sample to sample by predicted position and size. A track says nothing yet about what it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.pose.estimator import Box
from gaitpose.pose.motion import Sample

FEWEST_SIGHTINGS = 3

RECENT = 8
"""Sightings from which recent size and velocity are taken."""


class TrackSettings(BaseModel):
    """How moving regions become tracks. Lengths are relative, so that picture size is no matter.

    Parameters
    ----------
    smallest_area : float
        Smallest region, as a share of the picture.
    largest_share : float
        A sample in which more of the picture moves than this (a flash, a jolt) is passed over.
    join_gap : float
        Regions above one another are one if the gap is less than this share of the taller one.
    gate : float
        Farthest that a region may lie from the predicted place, in heights of the track.
    size_gate, established_size_gate : float
        Largest ratio of a region's height to a track's; a region that is larger than an
        established track holds something else, too.
    established : int
        Sightings from which a track has a size and a velocity that can be relied on.
    still_filled : float
        An established track that runs together with another is carried on where it is expected, if
        that place is filled with moving pixels by at least this share of what it usually is.
    lost_after_s, merged_for_s : float
        A track that was not seen for so long, or not by itself for so long, has ended.
    views_kept : int
        Pictures of a track that are kept, to look at later what it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    smallest_area: float = Field(default=0.0015, gt=0, lt=1)
    largest_share: float = Field(default=0.5, gt=0, le=1)
    join_gap: float = Field(default=0.1, ge=0)
    gate: float = Field(default=0.45, gt=0)
    size_gate: float = Field(default=1.6, gt=1)
    established_size_gate: float = Field(default=1.35, gt=1)
    established: int = Field(default=5, ge=3)
    still_filled: float = Field(default=0.6, gt=0)
    lost_after_s: float = Field(default=0.8, gt=0)
    merged_for_s: float = Field(default=2.0, gt=0)
    views_kept: int = Field(default=16, ge=2)


class Region(NamedTuple):
    """An upright figure of moving pixels.

    Parameters
    ----------
    box : Box
        Around them, px of the small frame.
    centroid : (float, float)
        Mean x of the trunk, middle y of the box, px of the small frame.
    area : int
        Number of the pixels.
    """

    box: Box
    centroid: tuple[float, float]
    area: int


class View(NamedTuple):
    """A picture of a track, kept as JPEG: a long video has many tracks.

    Parameters
    ----------
    time_s : float
        Seconds.
    jpeg : uint8 array
        Part of a small frame around the thing.
    origin : (int, int)
        Column and row of the small frame at which it begins.
    shape : (int, int)
        Its rows and columns.
    box : Box
        The thing's box, in pixels of the picture.
    """

    time_s: float
    jpeg: np.ndarray
    origin: tuple[int, int]
    shape: tuple[int, int]
    box: Box

    @property
    def rgb(self) -> np.ndarray:
        """The picture, uint8 (height, width, 3)."""
        picture: np.ndarray = np.asarray(cv2.imdecode(self.jpeg, cv2.IMREAD_COLOR))
        return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


@dataclass(eq=False)
class Track:
    """One moving thing over time.

    Attributes
    ----------
    times : list of float
        Seconds of the samples in which it was seen.
    boxes : list of Box
        Its boxes then, px of the small frames.
    places : list of array (2,)
        Its centroids, in the view of the first sample (camera motion taken out).
    views : list of View
        Pictures of it, spread over its time.
    """

    times: list[float] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    places: list[np.ndarray] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    seen_alone_s: float = 0.0
    _fills: list[float] = field(default_factory=list)
    _stride: int = 1

    def add(self, sample: Sample, region: Region, views_kept: int, *, is_alone: bool) -> None:
        """Append what was seen of it in one sample."""
        if len(self.times) % self._stride == 0:
            self.views.append(_view(sample, region.box))
        if len(self.views) > views_kept:
            self.views = self.views[::2]
            self._stride *= 2
        if is_alone:
            self.seen_alone_s = sample.time_s
            self._fills.append(_fill(sample.moving, region.box))
        self.times.append(sample.time_s)
        self.boxes.append(region.box)
        self.places.append((sample.to_reference @ [*region.centroid, 1.0])[:2])

    @property
    def height(self) -> float:
        """Usual height of its box, px of the small frames."""
        return float(np.median([box.height for box in self.boxes]))

    @property
    def usual_fill(self) -> float:
        """Usual share of moving pixels in its box."""
        return float(np.median(self._fills))

    def expected(self, sample: Sample) -> Region:
        """Where it should be in a sample, by its recent speed, level and size."""
        gap = sample.time_s - self.times[-1]
        level = float(np.median([place[1] for place in self.places[-RECENT:]]))
        place = [self.places[-1][0] + self.speed * gap, level, 1.0]
        x, y = (np.linalg.inv(sample.to_reference) @ place)[:2]
        recent = self.boxes[-RECENT:]
        width = float(np.median([box.width for box in recent]))
        height = float(np.median([box.height for box in recent]))
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        return Region(box, (float(x), float(y)), 0)

    @property
    def travel(self) -> float:
        """How far it came across the picture, px of the small frames.

        The horizontal distance between its outermost places, but for a twentieth at either end:
        one stray sample is no journey.
        """
        low, high = np.percentile([place[0] for place in self.places], [5, 95])
        return float(high - low)

    @property
    def speed(self) -> float:
        """Recent horizontal speed in the scene, px/s; zero while it is too short to tell.

        The median of the slopes between recent places (Theil-Sen), so that a region that ran
        together with another one for a moment does not count.
        """
        if len(self.times) < 3:
            return 0.0
        times = np.array(self.times[-RECENT:])
        x = np.array([place[0] for place in self.places[-RECENT:]])
        first, second = np.triu_indices(len(times), 1)
        return float(np.median((x[second] - x[first]) / (times[second] - times[first])))


def find_tracks(samples: Iterable[Sample], settings: TrackSettings | None = None) -> list[Track]:
    """Follow everything that moves.

    Parameters
    ----------
    samples : iterable of Sample
        In time order.
    settings : TrackSettings, optional

    Returns
    -------
    list of Track
        In order of their beginning; those seen fewer than three times are left out.
    """
    chosen = settings or TrackSettings()
    ended: list[Track] = []
    live: list[Track] = []
    for sample in samples:
        lost = [track for track in live if _is_lost(track, sample.time_s, chosen)]
        ended += [track for track in lost if len(track.times) >= FEWEST_SIGHTINGS]
        live = [track for track in live if track not in lost]
        live += _advance(live, sample, find_regions(sample.moving, chosen), chosen)
    ended += [track for track in live if len(track.times) >= FEWEST_SIGHTINGS]
    return sorted(ended, key=lambda track: track.times[0])


def _is_lost(track: Track, time_s: float, settings: TrackSettings) -> bool:
    unseen_s, merged_s = time_s - track.times[-1], time_s - track.seen_alone_s
    return unseen_s > settings.lost_after_s or merged_s > settings.merged_for_s


def find_regions(moving: np.ndarray, settings: TrackSettings) -> list[Region]:
    """Join moving pixels into upright figures, largest first.

    Parameters
    ----------
    moving : bool array, (height, width)
    settings : TrackSettings

    Returns
    -------
    list of Region
        Empty if so much moves that the background must have been lost.
    """
    if moving.mean() > settings.largest_share:
        return []
    closed = cv2.morphologyEx(moving.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    smallest = settings.smallest_area * moving.size
    parts = [
        _Part(frozenset((label,)), Box(float(x), float(y), float(x + w), float(y + h)), int(area))
        for label, (x, y, w, h, area) in enumerate(stats)
        if label > 0 and area >= smallest / 4
    ]
    parts.sort(key=lambda part: -part.area)
    joined = [part for part in _join_upright(parts, settings.join_gap) if part.area >= smallest]
    figures = [figure for part in joined for figure in _figures(labels, part)]
    return sorted(
        (figure for figure in figures if figure.area >= smallest), key=lambda one: -one.area
    )


class _Part(NamedTuple):
    """Connected pixels (or several such, one above the other) by their labels."""

    labels: frozenset[int]
    box: Box
    area: int


def _join_upright(parts: list[_Part], gap: float) -> list[_Part]:
    """Join parts that stand above one another: head, trunk and legs of one figure."""
    joined: list[_Part] = []
    for part in parts:
        for index, other in enumerate(joined):
            if _is_above_or_below(part.box, other.box, gap):
                joined[index] = _union(other, part)
                break
        else:
            joined.append(part)
    return joined


def _is_above_or_below(first: Box, second: Box, gap: float) -> bool:
    overlap = min(first.x1, second.x1) - max(first.x0, second.x0)
    between = max(first.y0, second.y0) - min(first.y1, second.y1)
    narrower = min(first.width, second.width)
    taller = max(first.height, second.height)
    return overlap >= 0.5 * narrower and between <= gap * taller


def _union(first: _Part, second: _Part) -> _Part:
    a, b = first.box, second.box
    box = Box(min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1))
    return _Part(first.labels | second.labels, box, first.area + second.area)


def _figures(labels: np.ndarray, part: _Part) -> list[Region]:
    """Cut a part into upright figures: where its columns stand high.

    Shadows and reflections on the floor spread a walker's region sideways, and can tie it to
    another one; they are low. What remains is the trunk with the leg below it, which also tells
    the middle of a walker better than the outline of a stride does.
    """
    left, top, right, bottom = (int(edge) for edge in part.box)
    pixels = np.isin(labels[top:bottom, left:right], list(part.labels))
    width = min(max(3, (bottom - top) // 16), right - left)
    columns = np.convolve(pixels.sum(axis=0), np.ones(width) / width, mode="same")
    lowest = LOWEST_FIGURE * columns.max()
    figures = []
    while columns.max() > max(lowest, 0.0):
        peak = int(columns.argmax())
        first, last = _run(columns >= HIGH_COLUMN * columns[peak], peak)
        figures.append(_figure(pixels, first, last, left, top))
        first, last = _run(columns > DEEP_VALLEY * columns[peak], peak)
        columns[first:last] = 0.0
    return figures


LOWEST_FIGURE, HIGH_COLUMN, DEEP_VALLEY = 0.5, 0.5, 0.25
"""A figure's highest column, against that of the highest; its columns, against its highest; and how
low the columns between two figures must be: the legs of one person are a stride apart, too."""


def _run(is_high: np.ndarray, inside: int) -> tuple[int, int]:
    """First and one past the last of the true values around `inside`."""
    low = np.flatnonzero(~is_high)
    after = np.searchsorted(low, inside)
    first = int(low[after - 1]) + 1 if after > 0 else 0
    last = int(low[after]) if after < len(low) else len(is_high)
    return first, last


def _figure(pixels: np.ndarray, first: int, last: int, left: int, top: int) -> Region:
    """Make a region of the columns first..last; the feet may stand a stride apart around them."""
    rows = np.flatnonzero(pixels[:, first:last].any(axis=1))
    stride = (rows[-1] + 1 - rows[0]) // 4
    around = pixels[:, max(0, first - stride) : last + stride]
    lowest = int(np.flatnonzero(around.any(axis=1))[-1])
    weights = pixels[:, first:last].sum(axis=0)
    middle = left + first + float(weights @ np.arange(last - first)) / max(int(weights.sum()), 1)
    box = Box(
        float(left + first), float(top + rows[0]), float(left + last), float(top + lowest + 1)
    )
    return Region(box, (middle, box.centre[1]), int(around.sum()))


def _advance(
    live: list[Track], sample: Sample, regions: list[Region], settings: TrackSettings
) -> list[Track]:
    """Give each live track its region, nearest pair first; return the tracks that begin."""
    expected = [track.expected(sample) for track in live]
    costs = [
        (cost, t, r)
        for t, track in enumerate(live)
        for r, region in enumerate(regions)
        if (cost := _cost(track, expected[t], region, sample.time_s, settings)) is not None
    ]
    matched: set[int] = set()
    used: set[int] = set()
    for _, t, r in sorted(costs):
        if t not in matched and r not in used:
            matched.add(t)
            used.add(r)
            live[t].add(sample, regions[r], settings.views_kept, is_alone=True)
    for t, track in enumerate(live):
        if t not in matched and _is_still_there(track, expected[t], sample, settings):
            track.add(sample, expected[t], settings.views_kept, is_alone=False)
    begun = []
    for r, region in enumerate(regions):
        if r not in used:
            track = Track()
            track.add(sample, region, settings.views_kept, is_alone=True)
            begun.append(track)
    return begun


def _is_still_there(
    track: Track, expected: Region, sample: Sample, settings: TrackSettings
) -> bool:
    """Whether an established track's expected place is full of moving pixels."""
    if len(track.times) < settings.established:
        return False
    return _fill(sample.moving, expected.box) >= settings.still_filled * track.usual_fill


def _fill(moving: np.ndarray, box: Box) -> float:
    """Share of moving pixels in a box; 0 where it is out of the picture."""
    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    inside = moving[y0:y1, x0:x1]
    return float(inside.sum()) / max(box.width * box.height, 1.0) if inside.size else 0.0


def _cost(
    track: Track, expected: Region, region: Region, time_s: float, settings: TrackSettings
) -> float | None:
    """How badly a region fits a track; None if it cannot be the same thing."""
    ratio = region.box.height / expected.box.height
    is_known = len(track.times) >= settings.established
    largest = settings.established_size_gate if is_known else settings.size_gate
    if not 1 / settings.size_gate <= ratio <= largest:
        return None
    shift = np.subtract(region.centroid, expected.centroid)
    distance = float(np.hypot(*shift)) / expected.box.height
    if distance > settings.gate * (1 + time_s - track.times[-1]):
        return None
    return distance + abs(float(np.log(ratio))) + YOUTH / len(track.times)


YOUTH = 0.3
"""What a track that was seen once has to be nearer by (in heights) than a long one."""


def _view(sample: Sample, box: Box) -> View:
    """Copy the surroundings of a box: room for a whole body of which this is a half."""
    rows, columns = sample.rgb.shape[:2]
    reach = max(box.width, box.height)
    x0, y0 = max(0, round(box.x0 - reach)), max(0, round(box.y0 - reach))
    x1, y1 = min(columns, round(box.x1 + reach)), min(rows, round(box.y1 + reach))
    part = cv2.cvtColor(sample.rgb[y0:y1, x0:x1], cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, 92])
    shape = (part.shape[0], part.shape[1])
    return View(sample.time_s, jpeg, (x0, y0), shape, shifted(box, -x0, -y0))


def shifted(box: Box, dx: float, dy: float) -> Box:
    """Return the box moved by (dx, dy)."""
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)
