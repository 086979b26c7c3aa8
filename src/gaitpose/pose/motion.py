"""What moves in a video, seen at low resolution with the camera's own motion taken out.

A sliding background: each sample is compared with the pixel-wise median of nine samples spread over
the seconds around it, brought into its view. That needs no start-up picture without people, follows
a hand-held camera and slow changes of light, and holds only a few seconds of small frames.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.io.video import Frame

MEDIAN_FRAMES = 9
_MEDIAN_OF_NINE = (
    *((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3)),
    *((5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)),
)
"""Exchanges that leave the median of nine values in the middle (Paeth 1990, Graphics Gems)."""

GRID = (3, 5)
CORNERS_A_CELL, FEWEST_CORNERS, CORNER_DISTANCE_PX = 10, 8, 6
FLAT = 1.5
FEWEST_AGREEING = 0.25
WIDEST_WALKER, BESIDE_PX = 0.35, 10
CLEARLY_BETTER, FAR_BETTER = 0.95, 0.8
MOST_DIFFERENCE = 20
LEAST_GAIN = 0.02


class MotionSettings(BaseModel):
    """How motion is measured.

    Parameters
    ----------
    window_s : float
        Seconds over which the background is taken. Much longer than a walker covers one spot.
    key_interval_s : float
        Seconds between two backgrounds.
    threshold : float
        Smallest difference to the background that counts, grey levels (0..255).
    blur_px : int
        Side of the smoothing kernel, odd.
    smallest_overlap : float
        Share of the view that a sample must have in common with another one to be compared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    window_s: float = Field(default=5.0, gt=0)
    key_interval_s: float = Field(default=0.5, gt=0)
    threshold: float = Field(default=14.0, gt=0)
    blur_px: int = Field(default=3, ge=1)
    smallest_overlap: float = Field(default=0.6, gt=0, le=1)


@dataclass(frozen=True, eq=False)
class Sample:
    """One small frame, and where something moves in it.

    Parameters
    ----------
    index : int
        Frame of the video.
    time_s : float
        Seconds since the first frame.
    rgb : uint8 array, (height, width, 3)
        The small frame.
    moving : bool array, (height, width)
        Pixels that differ from the background.
    to_reference : float array, (3, 3)
        Carries (x, y, 1) of this frame into the view of the first sample: what the scene stands
        still in.
    """

    index: int
    time_s: float
    rgb: np.ndarray
    moving: np.ndarray
    to_reference: np.ndarray


@dataclass(frozen=True, eq=False)
class _View:
    """A sample before its background is known."""

    frame: Frame
    smooth: np.ndarray
    to_reference: np.ndarray

    @property
    def time_s(self) -> float:
        return self.frame.time_s


def moving_samples(
    frames: Iterable[Frame], settings: MotionSettings | None = None
) -> Iterator[Sample]:
    """Find what moves in each of a stream of small frames.

    Parameters
    ----------
    frames : iterable of Frame
        Small frames, about ten a second, in time order.
    settings : MotionSettings, optional

    Yields
    ------
    Sample
        In the same order, a few seconds late; memory does not grow with the stream.
    """
    chosen = settings or MotionSettings()
    held: deque[_View] = deque()
    waiting = 0
    start: float | None = None
    for view in _registered(frames, chosen):
        held.append(view)
        start = view.time_s if start is None else start
        while waiting < len(held) and _is_ready(held[waiting].time_s, start, view.time_s, chosen):
            stop = _end_of_block(held, waiting, chosen)
            yield from _compare(held, waiting, stop, chosen)
            waiting = stop
            while waiting < len(held) and (
                held[0].time_s < held[waiting].time_s - chosen.window_s - chosen.key_interval_s
            ):
                held.popleft()
                waiting -= 1
    while waiting < len(held):
        stop = _end_of_block(held, waiting, chosen)
        yield from _compare(held, waiting, stop, chosen)
        waiting = stop


def _is_ready(time_s: float, start: float, newest: float, settings: MotionSettings) -> bool:
    """Whether the whole window around a block that begins at `time_s` has been read."""
    half = settings.window_s / 2
    return newest >= max(time_s + half + settings.key_interval_s, start + settings.window_s)


def _end_of_block(held: deque[_View], first: int, settings: MotionSettings) -> int:
    stop = first + 1
    while stop < len(held) and held[stop].time_s < held[first].time_s + settings.key_interval_s:
        stop += 1
    return stop


def _compare(
    held: deque[_View], first: int, stop: int, settings: MotionSettings
) -> Iterator[Sample]:
    """Yield the samples held[first:stop], each compared with the background of their middle."""
    key = held[(first + stop) // 2]
    background, is_known = _background(held, key, settings)
    kernel = np.ones((3, 3), np.uint8)
    for view in (held[i] for i in range(first, stop)):
        back = np.linalg.inv(view.to_reference) @ key.to_reference
        scene = _in_light_of(view.smooth, _warped(background, back))
        above = cv2.subtract(view.smooth, cv2.dilate(scene, kernel))
        below = cv2.subtract(cv2.erode(scene, kernel), view.smooth)
        red, green, blue = cv2.split(cv2.max(above, below))
        moving = cv2.max(cv2.max(red, green), blue) > settings.threshold
        moving &= _warped(is_known, back, outside=0) > 0
        yield Sample(view.frame.index, view.time_s, view.frame.rgb, moving, view.to_reference)


def _in_light_of(view: np.ndarray, scene: np.ndarray) -> np.ndarray:
    """Give a background the exposure of a view: cameras adjust it when someone walks in."""
    few, same = view[::4, ::4].astype(np.float32) + 1, scene[::4, ::4].astype(np.float32) + 1
    gain = np.median(few / same, axis=(0, 1))
    if np.abs(gain - 1).max() < LEAST_GAIN:
        return scene
    return cv2.multiply(scene, np.append(gain, 1.0))


def _background(
    held: deque[_View], key: _View, settings: MotionSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Median of nine views around `key`, as `key` sees them, and where most of them reach."""
    start = min(key.time_s - settings.window_s / 2, held[-1].time_s - settings.window_s)
    start = max(start, held[0].time_s)
    to_key = np.linalg.inv(key.to_reference)
    near = [
        view
        for view in held
        if start <= view.time_s <= start + settings.window_s
        and _overlap(to_key @ view.to_reference, key.smooth.shape) >= settings.smallest_overlap
    ]
    picked = [near[i] for i in np.linspace(0, len(near) - 1, MEDIAN_FRAMES).round().astype(int)]
    matrices = [to_key @ view.to_reference for view in picked]
    planes = [_warped(view.smooth, m) for view, m in zip(picked, matrices, strict=True)]
    for low, high in _MEDIAN_OF_NINE:
        planes[low], planes[high] = (
            cv2.min(planes[low], planes[high]),
            cv2.max(planes[low], planes[high]),
        )
    once = np.ones(key.smooth.shape[:2], np.uint8)
    reached = np.sum([_warped(once, matrix, outside=0) for matrix in matrices], axis=0)
    is_known = (reached > MEDIAN_FRAMES // 2).astype(np.uint8)
    return planes[MEDIAN_FRAMES // 2], is_known


def _warped(image: np.ndarray, matrix: np.ndarray, *, outside: int | None = None) -> np.ndarray:
    """Move an image; what comes in from outside is `outside`, or the nearest pixel if None."""
    if np.allclose(matrix, np.eye(3), atol=1e-3):
        return image
    size = (image.shape[1], image.shape[0])
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    return cv2.warpAffine(image, matrix[:2], size, borderMode=border, borderValue=outside or 0)


def _overlap(matrix: np.ndarray, shape: tuple[int, ...]) -> float:
    """Share of the view that is common to both, from where the middle of the picture goes."""
    height, width = shape[:2]
    middle = np.array([width / 2, height / 2, 1.0])
    shift_x, shift_y = (matrix @ middle - middle)[:2]
    return max(0.0, 1 - abs(shift_x) / width) * max(0.0, 1 - abs(shift_y) / height)


def _registered(frames: Iterable[Frame], settings: MotionSettings) -> Iterator[_View]:
    """Smooth the frames and follow the camera from key frame to key frame."""
    key: _View | None = None
    key_grey: np.ndarray = np.empty(0)
    from_key = np.eye(3)
    for frame in frames:
        smooth = cv2.GaussianBlur(frame.rgb, (settings.blur_px, settings.blur_px), 0)
        grey = cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY)
        if key is None:
            key, key_grey = _View(frame, smooth, np.eye(3)), grey
            yield key
            continue
        from_key = camera_motion(key_grey, grey, guess=from_key)
        view = _View(frame, smooth, key.to_reference @ np.linalg.inv(from_key))
        is_far = _overlap(from_key, grey.shape) < (1 + settings.smallest_overlap) / 2
        if is_far or view.time_s - key.time_s >= settings.key_interval_s:
            key, key_grey, from_key = view, grey, np.eye(3)
        yield view


def camera_motion(
    before: np.ndarray, after: np.ndarray, guess: np.ndarray | None = None
) -> np.ndarray:
    """Estimate how the still scene moved in the picture from one view to another.

    Parameters
    ----------
    before, after : uint8 array, (height, width)
        Grey pictures.
    guess : float array, (3, 3), optional
        About what is expected; identity by default.

    Returns
    -------
    float array, (3, 3)
        Similarity that carries (x, y, 1) of `before` to `after`; identity, or the guess, unless
        another one explains the pictures clearly better.

    Notes
    -----
    Corners from all over the picture, followed by pyramidal Lucas-Kanade; similarity by RANSAC. On
    a plain background most corners sit on the walker: hence the pixels must match clearly better
    with the motion than without, and if the corners that agree stand in a narrow column, the pixels
    elsewhere must.
    """
    everywhere = np.full_like(before, 255)
    expected = [np.eye(3)] if guess is None else [np.eye(3), guess]
    fitted = _fitted_motion(before, after, expected[-1])
    judges, better = everywhere, CLEARLY_BETTER
    if fitted is not None:
        matrix, columns = fitted
        left, right = np.percentile(columns, [5, 95])
        if right - left < WIDEST_WALKER * before.shape[1]:
            judges, better = everywhere.copy(), FAR_BETTER
            judges[:, max(0, round(left) - BESIDE_PX) : round(right) + BESIDE_PX] = 0
    mismatches = [_mismatch(before, after, one, judges) for one in expected]
    likeliest = int(np.argmin(mismatches))
    if fitted is not None and (
        _mismatch(before, after, matrix, judges) < better * mismatches[likeliest]
    ):
        return matrix
    return expected[likeliest]


def _fitted_motion(
    before: np.ndarray, after: np.ndarray, guess: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Fit a similarity to followed corners; return it and the columns of those that agree."""
    corners = _spread_corners(before)
    if len(corners) < FEWEST_CORNERS:
        return None
    moved, found, _ = cv2.calcOpticalFlowPyrLK(
        before,
        after,
        corners,
        cv2.transform(corners, guess[:2]).astype(np.float32),
        winSize=(15, 15),
        maxLevel=3,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    kept = found.ravel() > 0
    if kept.sum() < FEWEST_CORNERS:
        return None
    similarity, agreeing = cv2.estimateAffinePartial2D(
        corners[kept], moved[kept], ransacReprojThreshold=1.0
    )
    if similarity is None or agreeing.mean() < FEWEST_AGREEING:
        return None
    columns = corners[kept][agreeing.ravel() > 0][:, 0, 0]
    return np.vstack([similarity, [0.0, 0.0, 1.0]]), columns


def _spread_corners(grey: np.ndarray) -> np.ndarray:
    """Find corners (n, 1, 2) in each cell of a grid: contrast must not make a walker the scene."""
    rows, columns = (
        np.linspace(0, n, k + 1).astype(int) for n, k in zip(grey.shape, GRID, strict=True)
    )
    found = []
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            cell = grey[top:bottom, left:right]
            corners = cv2.goodFeaturesToTrack(cell, CORNERS_A_CELL, 0.05, CORNER_DISTANCE_PX)
            if corners is not None and cell.std() > FLAT:
                found.append(corners + np.array([left, top], np.float32))
    return np.concatenate(found) if found else np.empty((0, 1, 2), np.float32)


def _mismatch(
    before: np.ndarray, after: np.ndarray, matrix: np.ndarray, judges: np.ndarray
) -> float:
    """Mean difference where the two overlap; one pixel counts for no more than MOST_DIFFERENCE."""
    size = (before.shape[1], before.shape[0])
    common = cv2.warpAffine(judges, matrix[:2], size)
    difference = cv2.absdiff(cv2.warpAffine(before, matrix[:2], size), after)
    return float(cv2.mean(np.minimum(difference, MOST_DIFFERENCE), common)[0])
