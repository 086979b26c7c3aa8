"""What there is to wear, without any assets: tops, bottoms, shoes."""

from __future__ import annotations

import numpy as np

from gaitpose.synthetic.people.body import Body
from gaitpose.synthetic.people.joints import Joints
from gaitpose.synthetic.people.settings import Outfit
from gaitpose.synthetic.people.tailoring import Piece, Suit

_WAIST = -0.2
"""On the chart's scale from hips (0) to ankles (1)."""

_SLEEVES = {"t-shirt": 0.36, "shirt": 0.96, "sweater": 0.98, "tank": 0.0, "coat": 1.0}
_EASE = {"t-shirt": 0.008, "shirt": 0.008, "sweater": 0.013, "tank": 0.005, "coat": 0.02}
"""Metres between suit and cloth, at the least."""


def dress(outfit: Outfit, body: Body, joints: Joints) -> list[tuple[Piece, str]]:
    """Make all pieces of an outfit, each with what it is: "top", "bottom" or "shoes"."""
    suit = Suit("helper-tights", body, joints)
    size = body.height / 1.75
    bottom, outer = _bottom(outfit, suit, size)
    pieces = []
    if outfit.bottom == "skirt":
        pieces += [(piece, "bottom") for piece in _skirt(outfit, body, joints, size)]
    else:
        pieces.append((bottom, "bottom"))
    top = _top(outfit, suit, outer, size)
    pieces.append((top, "top"))
    return pieces


def shoes(outfit: Outfit, body: Body, joints: Joints) -> Piece | None:
    """Make a pair of shoes or socks; None for bare feet."""
    if outfit.shoes == "barefoot":
        return None
    suit = Suit("helper-tights", body, joints)
    size = body.height / 1.75
    shaft = {"trainers": 0.015, "boots": 0.16, "socks": 0.12}[outfit.shoes] * size
    ankle = joints.centres["left_foot"][1]
    inside = (suit.chart.down > 0.6) & (suit.points[:, 1] < ankle + shaft)
    if outfit.shoes == "socks":
        return suit.cut(inside, suit.points + 0.002 * suit.normals)
    return suit.cut(inside, _leather(suit, inside, size))


def _leather(suit: Suit, inside: np.ndarray, size: float) -> np.ndarray:
    """Shape of a shoe: the foot, rounder and wider, on a flat sole."""
    points = suit.smooth(suit.points, inside, 3)
    shaped = points + 0.008 * size * suit.helper.normals(points)
    floor = 0.0  # of the skin
    sole = 0.014 * size
    below = np.clip((0.03 * size - (suit.points[:, 1] - floor)) / (0.02 * size), 0, 1)
    shaped[:, 1] = np.where(
        inside, (1 - below) * shaped[:, 1] + below * (floor - sole), shaped[:, 1]
    )
    return shaped


def _bottom(outfit: Outfit, suit: Suit, size: float) -> tuple[Piece, np.ndarray]:
    """Trousers and shorts, and how far they stand off the suit, metres (vertices,)."""
    on = suit.chart
    hem = 0.96
    if outfit.bottom == "shorts":
        hem = 0.25 + 0.3 * outfit.bottom_length
    elif outfit.bottom == "leggings":
        hem = 0.85 + 0.1 * outfit.bottom_length
    inside = (on.down > _WAIST) & (on.down < hem) & (on.arm == 0) & (on.foot < 0.5)
    points = suit.smooth(suit.points, inside, 1 if outfit.bottom == "leggings" else 4)
    ease = 0.003 if outfit.bottom == "leggings" else 0.005 + 0.004 * outfit.looseness
    shaped = points + ease * size * suit.helper.normals(points)
    if outfit.bottom != "leggings":
        shaped = _widened(outfit, suit, shaped, size)
    outer = np.einsum("vi,vi->v", shaped - suit.points, suit.normals)
    return suit.cut(inside, shaped), np.where(inside, outer, 0)


def _widened(outfit: Outfit, suit: Suit, shaped: np.ndarray, size: float) -> np.ndarray:
    """Give legs of cloth the radius that they are sewn to."""
    on = suit.chart
    wide = outfit.bottom == "wide_trousers"
    hem = (0.068 if not wide else 0.095) + (0.025 if not wide else 0.045) * outfit.looseness
    if outfit.bottom == "shorts":
        hem = 0.09 + 0.03 * outfit.looseness
    radius = np.interp(on.down, (0.1, 0.35, 1.0), (0.0, 0.85 * hem, hem)) * size
    spoke = shaped - on.axis
    spoke[:, 1] = 0
    length = np.linalg.norm(spoke, axis=1)
    share = on.leg * (on.foot < 0.5)
    more = np.clip(radius - length, 0, None) * share
    return shaped + spoke / (length[:, np.newaxis] + 1e-9) * more[:, np.newaxis]


def _skirt(outfit: Outfit, body: Body, joints: Joints, size: float) -> list[Piece]:
    skirt = Suit("helper-skirt", body, joints)
    hem = 0.42 + 0.4 * outfit.bottom_length
    inside = skirt.chart.down < hem
    points = skirt.smooth(skirt.points, inside, 2)
    shaped = points + (0.012 + 0.01 * outfit.looseness) * size * skirt.helper.normals(points)
    return [skirt.cut(inside, shaped)]


def _top(outfit: Outfit, suit: Suit, under: np.ndarray, size: float) -> Piece:
    on = suit.chart
    hem = {"t-shirt": 0.02, "tank": 0.0, "shirt": 0.03, "sweater": 0.02, "coat": 0.1}[outfit.top]
    hem += 0.12 * outfit.top_length
    sleeve = _SLEEVES[outfit.top]
    collar = 0.06 if outfit.top in ("coat", "shirt") else 0.0
    inside = (on.down < hem) & (on.arm <= sleeve) & (on.neck < collar * size) & (on.foot < 0.5)
    points = suit.smooth(suit.points, inside, 3 + round(6 * outfit.looseness))
    ease = (_EASE[outfit.top] + 0.012 * outfit.looseness) * size
    normals = suit.helper.normals(points)
    shaped = points + ease * normals
    short = under + 0.005 * size - np.einsum("vi,vi->v", shaped - suit.points, suit.normals)
    push = np.where(under > 0, np.clip(short, 0, None), 0)
    shaped = shaped + push[:, np.newaxis] * suit.normals
    return suit.cut(inside, shaped)
