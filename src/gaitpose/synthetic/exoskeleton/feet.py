"""Plate around the sole, bar from the ankle, straps over the foot; frame of the foot, metres."""

from __future__ import annotations

import numpy as np

from gaitpose.synthetic.exoskeleton.bands import band
from gaitpose.synthetic.exoskeleton.legs import GAP
from gaitpose.synthetic.exoskeleton.placed import Finish, Placed
from gaitpose.synthetic.exoskeleton.sections import outline
from gaitpose.synthetic.exoskeleton.settings import ExoskeletonSettings
from gaitpose.synthetic.exoskeleton.solids import (
    Solid,
    circle,
    prism,
    rounded_rectangle,
    smooth_path,
    sweep,
)
from gaitpose.synthetic.exoskeleton.wearer import Leg, Limb

_RIM = 0.010
"""Height of the plate: the shoe stands in it as in a tray, so that its sole stays on the floor."""

_BESIDE = 0.005
"""Metres of plate around the shoe."""

_FRONT = 0.70
"""Where the plate ends, as a share of the shoe's length: behind the line that the toes turn on."""


def foot_parts(leg: Leg, plane: float, settings: ExoskeletonSettings, size: float) -> list[Placed]:
    """Build one foot, z outwards.

    Parameters
    ----------
    leg : Leg
    plane : float
        Outside of the shank link at the ankle, metres.
    settings : ExoskeletonSettings
    size : float
    """
    shoe = leg.foot
    sole, tilt = sole_line(shoe)
    plate, edge = _plate(shoe, sole, tilt)
    radius = settings.ankle_radius * size
    joint = prism(circle(radius), plane + GAP, plane + 0.014 * size, 0.003)
    cap = prism(circle(0.6 * radius), plane + 0.014 * size, plane + 0.018 * size)
    parts = [
        Placed(plate, "foot", Finish.PLATE),
        Placed(joint, "foot", Finish.FRAME),
        Placed(cap, "foot", Finish.ACCENT),
        Placed(_stirrup(plane, sole, edge, size), "foot", Finish.FRAME),
    ]
    return parts + _straps(shoe, sole, size)


def sole_line(shoe: Limb) -> tuple[float, float]:
    """Return where the sole lies below the ankle's centre (y at x = 0) and its rise per x."""
    points = shoe.points
    x = points[:, 0]
    low, high = x.min(), x.max()
    heel = points[x < low + 0.3 * (high - low)]
    ball = points[(x > low + 0.55 * (high - low)) & (x < low + 0.85 * (high - low))]
    a, b = heel[heel[:, 1].argmin()], ball[ball[:, 1].argmin()]
    tilt = (b[1] - a[1]) / (b[0] - a[0])
    return float(a[1] - tilt * a[0]), float(tilt)


def _plate(shoe: Limb, sole: float, tilt: float) -> tuple[Solid, float]:
    """Return the plate, and how far outwards it reaches below the ankle."""
    points = shoe.points
    front = points[:, 0].min() + _FRONT * np.ptp(points[:, 0])
    above = points[:, 1] - sole - tilt * points[:, 0]
    low = points[(above < 0.03) & (points[:, 0] < front)]
    around = outline(1, low[:, [2, 0]])
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    flat = around.points(angle, 0.0, _BESIDE)[:, [2, 0]]
    edge = float(np.interp(0.0, *_outer_edge(flat)))
    solid = prism(flat, 0.0, _RIM, 0.002)
    vertices = solid.vertices[:, [1, 2, 0]]  # from z, x, up to forward, up, outwards
    vertices[:, 1] += sole + tilt * vertices[:, 0]
    return Solid(vertices, solid.faces), edge


def _outer_edge(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x and z of the outer half of an outline (z, x), by increasing x."""
    outer = flat[flat[:, 0] > flat[:, 0].mean()]
    outer = outer[np.argsort(outer[:, 1])]
    return outer[:, 1], outer[:, 0]


def _stirrup(plane: float, sole: float, edge: float, size: float) -> Solid:
    """Bar from the ankle joint down to the outer edge of the plate."""
    top = plane + 0.008 * size
    knots = np.array(
        [(0, 0, top), (0, 0.45 * sole, top), (0, 0.8 * sole, 0.5 * (top + edge)), (0, sole, edge)]
    )
    path = smooth_path(knots, 10)
    path = path[path[:, 1] > sole + 0.004]
    profile = rounded_rectangle(0.034 * size, 0.007 * size, 0.002)
    return sweep(path, profile, (1.0, 0.0, 0.0))


def _straps(shoe: Limb, sole: float, size: float) -> list[Placed]:
    """One strap over the instep, one around the heel."""
    length = float(shoe.points[:, 0].max())
    # Across x the plane's axes are y (0 degrees: up) and z.
    over = band(shoe, 0, 0.42 * length, 0.030 * size, 0.003, beyond=0.002, arc=(-105.0, 105.0))
    behind = band(shoe, 1, 0.55 * sole, 0.022 * size, 0.003, beyond=0.002, arc=(170.0, 370.0))
    return [Placed(each, "foot", Finish.STRAP) for each in (over, behind)]
