"""Find a person in single pictures, where motion does not tell: one who stands, a fast camera."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from gaitpose.io.video import Frame
from gaitpose.pose.body import Body, body_of, leg_confidence
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.tracker import Stretch

HEIGHTS = (1.0, 0.75, 0.55, 0.4)
"""Body heights that are searched for, in heights of the picture."""

STEP = 0.25
"""Distance between places that are searched, in body heights."""

SURE, LIKELY = 0.6, 0.4
"""Score from which someone counts who was searched for, and who was expected."""

SCANNED = 3
"""Stills that are searched all over; in the others the person is expected near by."""


def person_at(rgb: np.ndarray, point: tuple[float, float], estimator: Estimator) -> Body | None:
    """Find the person around a point.

    Parameters
    ----------
    rgb : uint8 array, (height, width, 3)
    point : (float, float)
        x, y, px.
    estimator : Estimator

    Returns
    -------
    Body or None
        None if no person holds the point.
    """
    x, y = point
    heights = rgb.shape[0] * np.geomspace(0.25, 1.2, 6)
    places = (Body(x, y + rise * h, h) for h in heights for rise in (-0.2, 0.0, 0.2))
    looks = [_look(rgb, place, estimator) for place in places]
    there = [look for look in looks if _holds(look[0], x, y)]
    body, score = max(there, key=lambda look: look[1], default=(None, 0.0))
    return body if score >= LIKELY else None


def _holds(body: Body, x: float, y: float) -> bool:
    left, top, right, bottom = body.box
    return left <= x <= right and top <= y <= bottom


def person_in_stills(stills: Sequence[Frame], estimator: Estimator) -> Stretch | None:
    """Find the person who is in most of some stills, about in the same place.

    Parameters
    ----------
    stills : sequence of Frame
        Small frames, in time order.
    estimator : Estimator

    Returns
    -------
    Stretch or None
        Where the person is, px of the stills; None if nobody is in half of them.

    Notes
    -----
    A few stills are searched all over, at several sizes. From the surest find on, neighbouring
    stills are looked at near by.
    """
    middle_first = sorted(range(len(stills)), key=lambda i: abs(i - len(stills) // 2))
    spread = middle_first[:: max(1, len(stills) // SCANNED)][:SCANNED]
    finds = [(*_best(stills[i].rgb, _everywhere(stills[i].rgb), estimator), i) for i in spread]
    body, score, start = max(finds, key=lambda find: find[1], default=(None, 0.0, 0))
    if body is None or score < SURE:
        return None
    bodies = {start: body}
    for direction in (1, -1):
        near = body
        index = start + direction
        while 0 <= index < len(stills):
            found, likely = _best(stills[index].rgb, _around(near), estimator)
            if likely >= LIKELY:
                bodies[index] = near = found
            index += direction
    if 2 * len(bodies) < len(stills):
        return None
    kept = sorted(bodies)
    return Stretch(np.array([stills[i].time_s for i in kept]), np.array([bodies[i] for i in kept]))


def _best(rgb: np.ndarray, places: Iterable[Body], estimator: Estimator) -> tuple[Body, float]:
    """Look at all places; return the surest body, looked at once more, and its score.

    The score is the legs' confidence, less where the body is not as tall as its box: an estimator
    is often as sure in a box that is too small.
    """
    found = [_look(rgb, place, estimator) for place in places]
    body, _ = max(found, key=lambda one: one[1])
    return _look(rgb, body, estimator)


def _look(rgb: np.ndarray, place: Body, estimator: Estimator) -> tuple[Body, float]:
    joints = estimator.predict(rgb, place.box)
    body = body_of(joints)
    ratio = max(body.height, 1e-6) / place.height
    return body._replace(height=max(body.height, 1.0)), leg_confidence(joints) * min(
        ratio, 1 / ratio
    )


def _everywhere(rgb: np.ndarray) -> Iterable[Body]:
    rows, columns = rgb.shape[:2]
    for share in HEIGHTS:
        height = share * rows
        lowest = rows - 0.5 * height
        for y in np.arange(0.45 * height, lowest + 1e-6, STEP * height):
            for x in np.arange(0.15 * height, columns, STEP * height):
                yield Body(float(x), float(y), float(height))


def _around(body: Body) -> Iterable[Body]:
    for shift in (0.0, -0.3, 0.3, -0.6, 0.6):
        yield body._replace(x=body.x + shift * body.height)
