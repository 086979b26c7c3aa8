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
    pieces = []
    if outfit.bottom == "skirt":
        pieces.append((_skirt(outfit, Suit("helper-skirt", body, joints)), "bottom"))
        under = np.where(suit.between(_WAIST, 0.2) < 0, 0.012 * suit.size, 0)
    else:
        piece, under = _bottom(outfit, suit)
        pieces.append((piece, "bottom"))
    pieces.append((_top(outfit, suit, under), "top"))
    if outfit.top == "coat":
        pieces.append((_tails(outfit, Suit("helper-skirt", body, joints)), "top"))
    return pieces


def shoes(outfit: Outfit, body: Body, joints: Joints) -> Piece | None:
    """Make a pair of shoes or socks; None for bare feet."""
    if outfit.shoes == "barefoot":
        return None
    suit = Suit("helper-tights", body, joints)
    shaft = {"trainers": 0.012, "boots": 0.16, "socks": 0.12}[outfit.shoes] * suit.size
    top = joints.centres["left_foot"][1] + shaft
    field = np.where(suit.chart.down > 0.5, suit.points[:, 1] - top, 1.0)
    if outfit.shoes == "socks":
        return suit.cut(field, suit.points + 0.002 * suit.normals)
    shaped = _leather(suit, field < 0.02)
    side = np.stack([shaped[:, 0] / (0.3 * suit.size), shaped[:, 1] / (0.12 * suit.size)], 1)
    return suit.cut(field, shaped, hem=0.01, uv=side)


def _leather(suit: Suit, inside: np.ndarray) -> np.ndarray:
    """Shape of a shoe: the foot, rounder and wider, on a flat sole."""
    size = suit.size
    points = suit.smooth(suit.points, inside, 3)
    shaped = points + 0.008 * size * suit.helper.normals(points)
    below = np.clip((0.03 * size - suit.points[:, 1]) / (0.02 * size), 0, 1)
    flat = (1 - below) * shaped[:, 1] - below * 0.014 * size
    shaped[:, 1] = np.where(inside, flat, shaped[:, 1])
    return shaped


def _bottom(outfit: Outfit, suit: Suit) -> tuple[Piece, np.ndarray]:
    """Trousers and shorts, and how far they stand off the suit, metres (vertices,)."""
    on = suit.chart
    hem = 0.97
    if outfit.bottom == "shorts":
        hem = 0.25 + 0.3 * outfit.bottom_length
    elif outfit.bottom == "leggings":
        hem = 0.85 + 0.1 * outfit.bottom_length
    # Under the top there is no need of trousers, and nothing to come through.
    covered = _tails_hem(outfit) if outfit.top == "coat" else _top_hem(outfit)
    field = suit.between(max(_WAIST, covered - 0.12), hem)
    field = np.where((on.arm > 0) | (on.foot > 0.7), 1.0, field)
    tight = outfit.bottom == "leggings"
    points = suit.smooth(suit.points, field < 0, 1 if tight else 4)
    ease = 0.003 if tight else 0.005 + 0.004 * outfit.looseness
    shaped = points + ease * suit.size * suit.helper.normals(points)
    if not tight:
        shaped = _widened(outfit, suit, shaped)
    shaped = suit.pushed(shaped, 0.6 * ease * suit.size)
    outer = np.einsum("vi,vi->v", shaped - suit.points, suit.normals)
    return suit.cut(field, shaped), np.where(field < 0.08, outer, 0)


def _widened(outfit: Outfit, suit: Suit, shaped: np.ndarray) -> np.ndarray:
    """Give legs of cloth the radius that they are sewn to."""
    on = suit.chart
    wide = outfit.bottom == "wide_trousers"
    hem = (0.068 if not wide else 0.095) + (0.025 if not wide else 0.045) * outfit.looseness
    if outfit.bottom == "shorts":
        hem = 0.09 + 0.03 * outfit.looseness
    radius = np.interp(on.down, (0.1, 0.35, 1.0), (0.0, 0.85 * hem, hem)) * suit.size
    spoke = shaped - on.axis
    spoke[:, 1] = 0
    length = np.linalg.norm(spoke, axis=1)
    more = np.clip(radius - length, 0, None) * np.clip(on.leg + on.foot, 0, 1)
    return shaped + spoke / (length[:, np.newaxis] + 1e-9) * more[:, np.newaxis]


def _skirt(outfit: Outfit, skirt: Suit) -> Piece:
    field = skirt.between(-1.0, 0.38 + 0.45 * outfit.bottom_length)
    points = skirt.smooth(skirt.points, field < 1, 2)
    ease = (0.012 + 0.01 * outfit.looseness) * skirt.size
    return skirt.cut(field, points + ease * skirt.helper.normals(points), hem=0.08)


def _tails(outfit: Outfit, skirt: Suit) -> Piece:
    """Make what of a coat hangs below the waist."""
    field = skirt.between(-1.0, _tails_hem(outfit))
    points = skirt.smooth(skirt.points, field < 1, 4)
    # A little outside of the top, which ends under it.
    ease = (_EASE[outfit.top] + 0.01 + 0.012 * outfit.looseness) * skirt.size
    return skirt.cut(field, points + ease * skirt.helper.normals(points), hem=0.08)


def _top_hem(outfit: Outfit) -> float:
    """Where a top ends, on the chart's scale."""
    # The tails of a coat follow.
    return -0.06 if outfit.top == "coat" else -0.03 + 0.1 * outfit.top_length


def _tails_hem(outfit: Outfit) -> float:
    return 0.2 + 0.4 * outfit.top_length


def _top(outfit: Outfit, suit: Suit, under: np.ndarray) -> Piece:
    on, size = suit.chart, suit.size
    collar = 0.018 if outfit.top in ("coat", "shirt") else 0.0
    field = np.maximum(suit.between(-2.0, _top_hem(outfit)), on.neck - collar * size)
    sleeve = (on.arm - _SLEEVES[outfit.top]) * 0.55 * size
    if outfit.top == "tank":
        sleeve = (on.sleeve - 0.35) * 0.1
    field = np.maximum(field, np.where(on.foot > 0.5, 1.0, sleeve))
    points = suit.smooth(suit.points, field < 0.02, 3 + round(6 * outfit.looseness))
    ease = (_EASE[outfit.top] + 0.012 * outfit.looseness) * size
    shaped = points + ease * suit.helper.normals(points)
    return suit.cut(field, suit.pushed(shaped, np.maximum(under, 0) + 0.009 * size), hem=0.05)
