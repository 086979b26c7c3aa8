"""Links, actuators and cuffs of one leg. Frames of the segments, z outwards, metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.synthetic.exoskeleton.bands import band
from gaitpose.synthetic.exoskeleton.placed import Finish, Placed, flat_uv
from gaitpose.synthetic.exoskeleton.settings import Actuator, ExoskeletonSettings
from gaitpose.synthetic.exoskeleton.solids import (
    Solid,
    circle,
    link_outline,
    prism,
    rounded_rectangle,
    sweep,
)
from gaitpose.synthetic.exoskeleton.wearer import Leg, Limb

GAP = 0.001
"""Between two parts that turn on each other."""

_DOWN = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
"""Turns z (along which prisms are extruded) to -y, down the leg."""


@dataclass(frozen=True)
class Planes:
    """Where the links lie: distances outwards of their insides, metres.

    Parameters
    ----------
    hip : float
        Of the thigh link at the hip, from the hip's centre.
    knee : float
        Of the thigh link at the knee, from the knee's centre.
    shank_knee, shank_ankle : float
        Of the shank link.
    """

    hip: float
    knee: float
    shank_knee: float
    shank_ankle: float


def link_planes(leg: Leg, settings: ExoskeletonSettings, size: float) -> Planes:
    """Lay the links as near to the leg as its widest places allow."""
    free = settings.clearance * size
    thickness = thickness_of(settings, size)
    shank_top, shank_end = _line_beside(
        leg.shank, leg.ankle, free, 0.022, (0.06, 1.02) if settings.has_lower_leg else (0.0, 0.05)
    )
    top, end = _line_beside(leg.thigh, leg.knee, free, 0.025, (-0.06, 0.97))
    # At the knee the thigh link lies outside the shank link.
    end = max(end, shank_top + thickness + GAP) if settings.has_lower_leg else end
    return Planes(top, end, end - thickness - GAP, shank_end)


def thickness_of(settings: ExoskeletonSettings, size: float) -> float:
    """Room that a link takes outwards, metres."""
    style = {"plate": 1.0, "tube": 1.8, "twin": 1.6}[settings.link_style]
    return settings.link_thickness * style * size


def leg_parts(leg: Leg, planes: Planes, settings: ExoskeletonSettings, size: float) -> list[Placed]:
    """Build thigh and shank of one leg, z outwards; segments are named without their side."""
    thickness = thickness_of(settings, size)
    hip, knee = _sized(settings.hip, size), _sized(settings.knee, size)
    end = leg.knee[:2] if settings.has_lower_leg else leg.knee[:2] * _last_cuff(settings)
    slope = _slope(planes.hip, planes.knee, leg.knee)
    parts = _link("thigh", end, planes.hip, slope, (hip.radius, knee.radius), settings, size)
    parts += _cuffs("thigh", leg.thigh, leg.knee, planes.hip, slope, settings, size)
    if not settings.has_lower_leg:
        return parts
    joint = leg.knee * (1, 1, 0)
    parts += actuator("thigh", joint, planes.knee + thickness, knee)
    if knee.gearbox:
        parts += gearbox("thigh", joint, planes.knee + thickness, knee, up=True)
    slope = _slope(planes.shank_knee, planes.shank_ankle, leg.ankle)
    radii = (knee.radius, settings.ankle_radius * size)
    parts += _link("shank", leg.ankle[:2], planes.shank_knee, slope, radii, settings, size)
    parts += _cuffs("shank", leg.shank, leg.ankle, planes.shank_knee, slope, settings, size)
    return parts


def actuator(segment: str, joint: np.ndarray, plane: float, motor: Actuator) -> list[Placed]:
    """Put a motor on the outside of `plane`, about the axis through `joint` along z."""
    radius, thickness = motor.radius, motor.thickness
    neck = prism(circle(radius * 0.82), plane - GAP, plane + 0.2 * thickness)
    housing = prism(circle(radius, 32), plane + 0.2 * thickness, plane + thickness, 0.004)
    rim = prism(circle(radius * 0.78), plane + 0.9 * thickness, plane + thickness + 0.002)
    cap = prism(circle(radius * 0.62), plane + thickness, plane + thickness + 0.004)
    at = np.array([joint[0], joint[1], 0.0])
    angles = np.arange(6) * np.pi / 3 + 0.3
    screws = [
        prism(circle(0.05 * radius, 6), plane + thickness, plane + thickness + 0.003).moved(
            (0.87 * radius * np.cos(angle), 0.87 * radius * np.sin(angle), 0)
        )
        for angle in angles
    ]
    solids = [
        (neck, Finish.FRAME),
        (housing, Finish.SHELL),
        (rim, Finish.ACCENT),
        *((screw, Finish.FRAME) for screw in screws),
    ]
    parts = [Placed(solid.moved(at), segment, finish) for solid, finish in solids]
    return [*parts, Placed(cap.moved(at), segment, Finish.BADGE, flat_uv(cap, 0, 1))]


def gearbox(
    segment: str, joint: np.ndarray, plane: float, motor: Actuator, *, up: bool
) -> list[Placed]:
    """Lay the motor proper along the link, above or below the joint, outside of `plane`."""
    radius = min(0.5 * motor.thickness, 0.4 * motor.radius)
    start, end = 0.7 * motor.radius, 0.7 * motor.radius + motor.gearbox
    barrel = prism(circle(radius, 18), start, 0.8 * end, 0.003).turned(_DOWN)
    tail = prism(circle(radius * 0.85, 18), 0.8 * end, end, 0.004).turned(_DOWN)
    flip = np.array([1.0, -1.0, -1.0]) if up else np.ones(3)
    at = np.array([joint[0], joint[1], plane + radius + 0.002])
    return [
        Placed(Solid(solid.vertices * flip + at, solid.faces), segment, finish)
        for solid, finish in ((barrel, Finish.SHELL), (tail, Finish.FRAME))
    ]


def plane_at(plane: float, slope: np.ndarray, at: np.ndarray) -> float:
    """Where a leaning link's inside lies at a place (x, y) of the segment, metres outwards."""
    return plane + float(at[:2] @ slope)


def _line_beside(
    limb: Limb, end: np.ndarray, free: float, half_width: float, span: tuple[float, float]
) -> tuple[float, float]:
    """Distances outwards, at a segment's joints, of a straight line that clears the leg."""
    share = np.linspace(*span, 12)
    bound = limb.extent(share * end[1], half_width) + free
    # Steepest lines first: the one that asks for the least room over the segment is taken.
    best = (np.inf, 0.0, 0.0)
    for tilt in np.linspace(-0.06, 0.06, 25):
        top = float((bound - tilt * share).max())
        room = float((top + tilt * share - bound).sum())
        best = min(best, (room, top, top + tilt))
    return best[1], best[2]


def _slope(start: float, end: float, joint: np.ndarray) -> np.ndarray:
    """Rise outwards per metre in x and y of a link between two joints."""
    flat = joint[:2]
    return (end - start) * flat / (flat @ flat)


def _last_cuff(settings: ExoskeletonSettings) -> float:
    return max(settings.thigh_cuffs) + 0.03


def _link(
    segment: str,
    end: np.ndarray,
    plane: float,
    slope: np.ndarray,
    radii: tuple[float, float],
    settings: ExoskeletonSettings,
    size: float,
) -> list[Placed]:
    """Build the rigid link between two joints, leaning by `slope`."""
    thickness = thickness_of(settings, size)
    near, far = (max(0.8 * radius, 0.5 * settings.link_width * size) for radius in radii)
    if settings.link_style == "plate":
        solids = _plate(end, plane, thickness, (near, far), settings, size)
    else:
        hubs = [
            (prism(circle(near), plane, plane + thickness), Finish.FRAME),
            (prism(circle(far), plane, plane + thickness).moved((*end, 0)), Finish.FRAME),
        ]
        solids = hubs + _tubes(end, plane, thickness, settings, size)
    return [Placed(solid.leaning(slope), segment, finish) for solid, finish in solids]


def _plate(
    end: np.ndarray,
    plane: float,
    thickness: float,
    radii: tuple[float, float],
    settings: ExoskeletonSettings,
    size: float,
) -> list[tuple[Solid, Finish]]:
    """Waisted plate of two parts that slide in each other: so its length is adjusted."""
    half = 0.5 * settings.link_width * size
    whole = link_outline((0, 0), end, radii, waist=settings.waist)
    cover = link_outline(0.30 * end, 0.62 * end, (0.72 * half, 0.72 * half))
    slot = link_outline(0.36 * end, 0.56 * end, (0.2 * half, 0.2 * half))
    top = plane + thickness
    return [
        (prism(whole, plane, top, 0.002), Finish.FRAME),
        (prism(cover, top - 0.001, top + 0.3 * thickness + 0.001), Finish.SHELL),
        (prism(slot, top, top + 0.3 * thickness + 0.0015), Finish.ACCENT),
    ]


def _tubes(
    end: np.ndarray, plane: float, thickness: float, settings: ExoskeletonSettings, size: float
) -> list[tuple[Solid, Finish]]:
    """One tube with a sleeve, or two beside each other with clamps."""
    radius = 0.5 * thickness
    path = np.column_stack([np.linspace(0.05, 0.95, 4)[:, None] * end, np.full(4, plane + radius)])
    across = (1.0, 0.0, 0.0)
    if settings.link_style == "tube":
        sleeve = path[0] + (path[-1] - path[0]) * np.linspace(0.3, 0.7, 3)[:, None]
        return [
            (sweep(path, circle(radius * 0.95, 14), across), Finish.FRAME),
            (sweep(sleeve, circle(radius * 1.2, 14), across), Finish.SHELL),
        ]
    apart = np.array([0.32 * settings.link_width * size, 0, 0])
    rods = [sweep(path + s * apart, circle(radius * 0.7, 12), across) for s in (-1, 1)]
    clamp = rounded_rectangle(2.9 * apart[0], 0.03 * size, 0.004)
    clamps = [
        prism(clamp, plane, plane + thickness).moved((*(share * end), 0)) for share in (0.33, 0.66)
    ]
    return [
        *((rod, Finish.FRAME) for rod in rods),
        *((each, Finish.ACCENT) for each in clamps),
    ]


def _cuffs(
    segment: str,
    limb: Limb,
    end: np.ndarray,
    plane: float,
    slope: np.ndarray,
    settings: ExoskeletonSettings,
    size: float,
) -> list[Placed]:
    """Shells and straps around a segment, each held by a bracket to the link."""
    shares = settings.thigh_cuffs if segment == "thigh" else settings.shank_cuffs
    width, strap = settings.cuff_width * size, settings.strap_width * size
    # The plane's axes are z (outwards, 0 degrees) and x (forward, 90 degrees).
    arc = (-25.0, 175.0) if settings.cuff_side == "front" else (-175.0, 25.0)
    parts = []
    for share in shares:
        at = share * end
        shell = band(limb, 1, at[1], width, 0.004 * size, beyond=0.0035, arc=arc)
        loop = band(limb, 1, at[1], strap, 0.003 * size)
        parts += [Placed(shell, segment, Finish.SHELL), Placed(loop, segment, Finish.STRAP)]
        parts += _bracket(segment, limb, at, plane_at(plane, slope, at), width, size)
    return parts


def _bracket(
    segment: str, limb: Limb, at: np.ndarray, plane: float, width: float, size: float
) -> list[Placed]:
    """Join a cuff and the inside of the link that runs past it."""
    around = limb.section(1, at[1])
    start = float(around.centre[0] + around.radius(np.array([0.0]))[0])
    if plane - start < 0.002:
        return []
    outline = rounded_rectangle(0.034 * size, 0.7 * width, 0.006)
    block = prism(outline, start, plane + 0.001)
    return [Placed(block.moved((at[0], at[1], 0)), segment, Finish.FRAME)]


def _sized(motor: Actuator, size: float) -> Actuator:
    # Motors are not made to measure: they come in sizes that grow less than the wearer.
    by = size**0.5
    return Actuator(motor.radius * by, motor.thickness * by, motor.gearbox * by)
