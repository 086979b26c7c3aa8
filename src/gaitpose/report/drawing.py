"""Marks on one video frame: skeleton, event flashes, and the strip with angles and timeline.

Every function draws in place on an RGB ``uint8`` image. Sizes are in units of `unit`, one pixel of
a picture that is 720 pixels high, so that a phone video and a 4K one look alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from gaitpose.report.palette import NORM_COLOUR, SIDE_COLOUR, rgb
from gaitpose.skeleton import BONES, SIDES, Side

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
STRIP: Colour = (24, 28, 33)
MUTED: Colour = (150, 158, 168)
OFF_PICTURE = 20_000
FONT = cv2.FONT_HERSHEY_SIMPLEX

FOOT_BONES: tuple[tuple[str, str], ...] = tuple(
    (f"{side}_{start}", f"{side}_{end}")
    for side in SIDES
    for start, end in (("ankle", "heel"), ("heel", "toe"), ("ankle", "toe"))
)


@dataclass(frozen=True)
class Mark:
    """One gait event, as the overlay shows it.

    Parameters
    ----------
    side : {"left", "right"}
    kind : {"foot_strike", "foot_off"}
    time_s : float
    """

    side: Side
    kind: str
    time_s: float


def side_of(*names: str) -> Side | None:
    """Return the side that all named points share; None for a line across the body."""
    for side in SIDES:
        if all(name.startswith(f"{side}_") for name in names):
            return side
    return None


def colour_of(side: Side | None) -> Colour:
    """Return the drawing colour of a side; light grey for what belongs to both."""
    return rgb(SIDE_COLOUR[side]) if side else rgb(NORM_COLOUR)


def draw_skeleton(image: np.ndarray, points: Mapping[str, np.ndarray], unit: float) -> None:
    """Draw bones and joints; those with a missing end are left out.

    Parameters
    ----------
    image : uint8 array, (height, width, 3)
    points : mapping of str to array, (2,)
        x, y in pixels of the image, NaN where missing.
    unit : float
        Size of one drawing unit in pixels.
    """
    for start, end in (*BONES, *FOOT_BONES):
        if start in points and end in points:
            pair = (points[start], points[end])
            if np.isfinite(pair).all():
                _haloed_line(image, pair, colour_of(side_of(start, end)), unit)
    for name, point in points.items():
        if np.isfinite(point).all():
            centre = _pixel(point)
            cv2.circle(image, centre, _px(6.5 * unit), WHITE, -1, cv2.LINE_AA)
            cv2.circle(image, centre, _px(4.5 * unit), colour_of(side_of(name)), -1, cv2.LINE_AA)


def draw_flash(image: np.ndarray, point: np.ndarray, mark: Mark, age: float, unit: float) -> None:
    """Draw the ring and the words of an event that has just happened.

    Parameters
    ----------
    image : uint8 array, (height, width, 3)
    point : array, (2,)
        Where the foot is, px; nothing is drawn where it is missing.
    mark : Mark
        The event.
    age : float
        0 at the event, 1 when it has faded.
    unit : float
        Size of one drawing unit in pixels.
    """
    if not np.isfinite(point).all():
        return
    centre = _pixel(point)
    radius = _px((14 + 16 * age) * unit)
    width = _px((5 - 3 * age) * unit)
    cv2.circle(image, centre, radius, WHITE, width + _px(2 * unit), cv2.LINE_AA)
    cv2.circle(image, centre, radius, colour_of(mark.side), width, cv2.LINE_AA)
    words = f"{mark.side} {mark.kind.replace('_', ' ')}"
    scale = 0.6 * unit
    (text_width, _), _ = cv2.getTextSize(words, FONT, scale, _px(2 * unit))
    x = int(np.clip(centre[0] - text_width / 2, 0, max(image.shape[1] - text_width, 0)))
    y = min(centre[1] + _px(52 * unit), image.shape[0] - _px(6 * unit))
    cv2.putText(image, words, (x, y), FONT, scale, WHITE, _px(5 * unit), cv2.LINE_AA)
    cv2.putText(image, words, (x, y), FONT, scale, colour_of(mark.side), _px(2 * unit), cv2.LINE_AA)


def draw_angles(strip: np.ndarray, angles: Mapping[str, Mapping[Side, float]], unit: float) -> None:
    """Write the joint angles of this frame, one column a joint, one row a side.

    Parameters
    ----------
    strip : uint8 array, (height, width, 3)
    angles : mapping of joint to mapping of side to float
        Degrees, NaN where missing.
    unit : float
        Size of one drawing unit in pixels.
    """
    scale, thickness = 0.55 * unit, _px(1.4 * unit)
    for row, side in enumerate(SIDES):
        y = _px((48 + 26 * row) * unit)
        cv2.putText(strip, side, (_px(12 * unit), y), FONT, scale, WHITE, thickness, cv2.LINE_AA)
        cv2.circle(strip, (_px(72 * unit), y - _px(5 * unit)), _px(5 * unit), colour_of(side), -1)
        for column, joint in enumerate(angles):
            value = angles[joint][side]
            text = f"{value:4.0f}" if np.isfinite(value) else "   -"
            x = _px((86 + 74 * column) * unit)
            cv2.putText(strip, text, (x, y), FONT, scale, WHITE, thickness, cv2.LINE_AA)
    for column, joint in enumerate(angles):
        x = _px((92 + 74 * column) * unit)
        label = joint.replace("_", " ")
        cv2.putText(
            strip, label, (x, _px(22 * unit)), FONT, 0.5 * unit, MUTED, thickness, cv2.LINE_AA
        )


def angles_width(joints: int, unit: float) -> int:
    """Width in pixels that :func:`draw_angles` needs."""
    return _px((100 + 74 * joints) * unit)


def draw_timeline(
    strip: np.ndarray,
    stances: Sequence[tuple[Side, float, float]],
    now: float,
    window: tuple[float, float],
    unit: float,
) -> None:
    """Draw stance of both sides as bars, and where we are.

    Parameters
    ----------
    strip : uint8 array, (height, width, 3)
    stances : sequence of (side, start, end)
        Seconds from foot strike to foot off.
    now : float
        Seconds.
    window : (float, float)
        First and last second that the strip shows.
    unit : float
        Size of one drawing unit in pixels.
    """
    start, stop = window
    per_second = strip.shape[1] / max(stop - start, 1e-9)
    for row, side in enumerate(SIDES):
        top = _px((30 + 26 * row) * unit)
        bottom = top + _px(20 * unit)
        cv2.rectangle(strip, (0, top), (strip.shape[1], bottom), (44, 50, 58), -1)
        for _, begin, end in (stance for stance in stances if stance[0] == side):
            if end > start and begin < stop:
                left, right = int((begin - start) * per_second), int((end - start) * per_second)
                cv2.rectangle(strip, (left, top), (right, bottom), colour_of(side), -1)
    x = int((now - start) * per_second)
    cv2.line(strip, (x, _px(24 * unit)), (x, _px(82 * unit)), WHITE, _px(2 * unit))
    label = f"{now:.2f} s"
    scale, thickness = 0.5 * unit, _px(1.2 * unit)
    (width, _), _ = cv2.getTextSize(label, FONT, scale, thickness)
    x = int(np.clip(x - width / 2, 0, strip.shape[1] - width))
    cv2.putText(strip, label, (x, _px(18 * unit)), FONT, scale, WHITE, thickness, cv2.LINE_AA)


def _haloed_line(
    image: np.ndarray, ends: tuple[np.ndarray, np.ndarray], colour: Colour, unit: float
) -> None:
    start, end = _pixel(ends[0]), _pixel(ends[1])
    cv2.line(image, start, end, WHITE, _px(7 * unit), cv2.LINE_AA)
    cv2.line(image, start, end, colour, _px(4 * unit), cv2.LINE_AA)


def _pixel(point: np.ndarray) -> tuple[int, int]:
    # A wild guess far outside of the picture must not overflow OpenCV's integers.
    x, y = np.clip(point, -OFF_PICTURE, OFF_PICTURE)
    return round(float(x)), round(float(y))


def _px(length: float) -> int:
    return max(1, round(length))
