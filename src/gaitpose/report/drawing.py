"""Marks on one video frame: skeleton, event flashes, and the strip with angles and timeline.

Every function draws in place on an RGB ``uint8`` image. Sizes are in units of `unit`, one pixel of
a picture of 960 x 720, so that a phone video and a 4K one look alike.
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
COLUMN = 70
"""Width of a column of angles, drawing units."""

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
        Where the foot is, px; nothing is drawn where it is missing or out of the picture.
    mark : Mark
        The event.
    age : float
        0 at the event, 1 when it has faded.
    unit : float
        Size of one drawing unit in pixels.
    """
    inside = (point >= 0) & (point < image.shape[1::-1])
    if not inside.all():
        return
    centre = _pixel(point)
    radius = _px((16 + 16 * age) * unit)
    width = _px((4 - 2 * age) * unit)
    cv2.circle(image, centre, radius, WHITE, width + _px(2 * unit), cv2.LINE_AA)
    cv2.circle(image, centre, radius, colour_of(mark.side), width, cv2.LINE_AA)
    # The other foot leaves the floor soon after a strike: one label below, one above.
    away = 52 if mark.kind == "foot_strike" else -40
    _label(
        image,
        f"{mark.side} {mark.kind.replace('_', ' ')}",
        (centre[0], centre[1] + round(away * unit)),
        colour_of(mark.side),
        unit,
    )


def _label(
    image: np.ndarray, words: str, centre: tuple[int, int], colour: Colour, unit: float
) -> None:
    """Write words on a white plate, which is moved into the picture if it does not fit."""
    scale, thickness, margin = 0.55 * unit, _px(1.6 * unit), _px(5 * unit)
    (width, height), _ = cv2.getTextSize(words, FONT, scale, thickness)
    left = int(np.clip(centre[0] - width / 2, margin, max(image.shape[1] - width - margin, margin)))
    base = min(centre[1], image.shape[0] - 2 * margin)
    corners = (left - margin, base - height - margin), (left + width + margin, base + margin)
    cv2.rectangle(image, *corners, WHITE, -1)
    cv2.putText(image, words, (left, base), FONT, scale, colour, thickness, cv2.LINE_AA)


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
    for row, side in enumerate(SIDES):
        base = _px((48 + 26 * row) * unit)
        _text_to(strip, side, (_px(60 * unit), base), WHITE, unit)
        cv2.circle(
            strip, (_px(74 * unit), base - _px(5 * unit)), _px(5 * unit), colour_of(side), -1
        )
        for column, joint in enumerate(angles):
            value = angles[joint][side]
            text = str(round(value)) if np.isfinite(value) else "-"
            _text_to(strip, text, (_px((COLUMN * column + 138) * unit), base), WHITE, unit)
    _text_to(strip, "deg", (_px(60 * unit), _px(22 * unit)), MUTED, unit)
    for column, joint in enumerate(angles):
        label = joint.replace("_", " ")
        _text_to(strip, label, (_px((COLUMN * column + 146) * unit), _px(22 * unit)), MUTED, unit)


def _text_to(
    image: np.ndarray, text: str, end: tuple[int, int], colour: Colour, unit: float
) -> None:
    """Write text that ends at a point on its base line."""
    scale, thickness = 0.55 * unit, _px(1.4 * unit)
    (width, _), _ = cv2.getTextSize(text, FONT, scale, thickness)
    cv2.putText(image, text, (end[0] - width, end[1]), FONT, scale, colour, thickness, cv2.LINE_AA)


def angles_width(joints: int, unit: float) -> int:
    """Width in pixels that :func:`draw_angles` needs."""
    return _px((90 + COLUMN * joints) * unit)


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
