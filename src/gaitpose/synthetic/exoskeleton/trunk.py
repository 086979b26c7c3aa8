"""Belt, box on the back, and the arms from there to the hips. Frame of the pelvis, metres."""

from __future__ import annotations

import numpy as np

from gaitpose.synthetic.exoskeleton.bands import band
from gaitpose.synthetic.exoskeleton.legs import GAP, actuator, thickness_of
from gaitpose.synthetic.exoskeleton.placed import Finish, Placed, flat_uv
from gaitpose.synthetic.exoskeleton.settings import Actuator, ExoskeletonSettings
from gaitpose.synthetic.exoskeleton.solids import (
    Solid,
    circle,
    prism,
    rounded_rectangle,
    smooth_path,
    sweep,
)
from gaitpose.synthetic.exoskeleton.wearer import Body, Leg

_BACKWARDS = np.array([[0.0, 0, -1], [0, 1, 0], [1, 0, 0]])
"""Turns z (along which prisms are extruded) to -x, and x to z: a picture is seen from behind."""

BELT_HEIGHT = 0.095
"""Above the hips, metres, for an adult: where the pelvis' crests carry a belt."""


def trunk_parts(body: Body, settings: ExoskeletonSettings) -> list[Placed]:
    """Build what is worn around the pelvis and on the back."""
    size = body.size
    height = BELT_HEIGHT * size
    belt = band(body.pelvis, 1, height, settings.belt_width * size, 0.006 * size, beyond=0.002)
    pad_width = settings.belt_width * size * 1.25
    pads = [
        band(body.pelvis, 1, height, pad_width, 0.012 * size, beyond=0.001, arc=arc)
        for arc in ((-60.0, 35.0), (145.0, 240.0))
    ]
    buckle_at = body.pelvis.section(1, height)
    front = float(buckle_at.centre[1] + buckle_at.radius(np.array([np.pi / 2]))[0])
    buckle = prism(rounded_rectangle(0.06 * size, 0.05 * size, 0.008), -0.014, 0.0, 0.003)
    buckle = buckle.turned(_BACKWARDS).moved((front + 0.002, height, buckle_at.centre[0]))
    return [
        Placed(belt, "pelvis", Finish.STRAP),
        *(Placed(pad, "pelvis", Finish.PADDING) for pad in pads),
        Placed(buckle, "pelvis", Finish.ACCENT),
        *_box(body, settings),
    ]


def hip_parts(body: Body, leg: Leg, plane: float, settings: ExoskeletonSettings) -> list[Placed]:
    """Build one arm from the box to the hip, its free joints and the hip's motor; z outwards.

    Parameters
    ----------
    body : Body
    leg : Leg
    plane : float
        Inside of the thigh link at the hip, from the hip's centre.
    settings : ExoskeletonSettings
    """
    size = body.size
    by = size**0.5
    motor = Actuator(settings.hip.radius * by, settings.hip.thickness * by)
    thickness = 0.010 * size
    inside = leg.hip[2] + plane + thickness_of(settings, size) + GAP
    hub = prism(circle(0.85 * motor.radius), inside, inside + thickness)
    path = _arm_path(body, leg, inside + thickness / 2, settings)
    profile = rounded_rectangle(0.040 * size, thickness, 0.003)
    arm = sweep(path, profile, (0.0, 1.0, 0.0))
    hinge = prism(circle(0.017 * size, 16), -0.032 * size, 0.032 * size, 0.003)
    upright = Solid(hinge.vertices[:, [1, 2, 0]], hinge.faces)  # about y: the leg turns in and out
    lying = Solid(hinge.vertices[:, [2, 0, 1]], hinge.faces)  # about x: the leg spreads
    parts = [
        Placed(arm, "pelvis", Finish.FRAME),
        Placed(hub.moved((leg.hip[0], leg.hip[1], 0)), "pelvis", Finish.FRAME),
        Placed(upright.moved(path[3]), "pelvis", Finish.SHELL),
        Placed(lying.moved(path[6]), "pelvis", Finish.ACCENT),
    ]
    return parts + actuator("pelvis", leg.hip, inside + thickness, motor)


def box_place(body: Body, settings: ExoskeletonSettings) -> tuple[np.ndarray, np.ndarray]:
    """Return middle and size (3,) of the box on the back, metres: forward, up, right."""
    size = body.size
    width, height, depth = (each * size for each in settings.box)
    bottom = 0.03 * size
    points = body.pelvis.skin
    near = (
        (np.abs(points[:, 2]) < 0.4 * width)
        & (points[:, 1] > bottom - 0.02)
        & (points[:, 1] < bottom + height)
    )
    back = float(points[near, 0].min()) - 0.022 * size
    middle = np.array([back - depth / 2, bottom + height / 2, 0.0])
    return middle, np.array([depth, height, width])


def _box(body: Body, settings: ExoskeletonSettings) -> list[Placed]:
    middle, (depth, height, width) = box_place(body, settings)
    radius = 0.04 * body.size
    outline = rounded_rectangle(width, height, radius)
    lid = rounded_rectangle(0.72 * width, 0.60 * height, radius * 0.7)
    foot = rounded_rectangle(0.55 * width, 0.12 * height, 0.01)
    front = -depth / 2
    solids = [
        (prism(outline, front, front + 0.8 * depth, 0.006), Finish.FRAME),
        (prism(outline * 0.97, front + 0.75 * depth, depth / 2, 0.014), Finish.SHELL),
        (
            prism(foot, depth / 2 - 0.002, depth / 2 + 0.006).moved((0, -0.38 * height, 0)),
            Finish.ACCENT,
        ),
    ]
    parts = [
        Placed(solid.turned(_BACKWARDS).moved(middle), "pelvis", finish) for solid, finish in solids
    ]
    cover = prism(lid, depth / 2 - 0.002, depth / 2 + 0.004, 0.002).moved((0, 0.1 * height, 0))
    cover = cover.turned(_BACKWARDS).moved(middle)
    parts.append(Placed(cover, "pelvis", Finish.BADGE, flat_uv(cover, 2, 1)))
    return parts + _back_pads(body, middle, (depth, height, width))


def _back_pads(body: Body, middle: np.ndarray, box: tuple[float, float, float]) -> list[Placed]:
    """Put pads between box and back, each as thick as the hollow of the back is deep there."""
    depth, height, width = box
    front = middle[0] + depth / 2
    parts = []
    for share in (-0.3, 0.3):
        at = middle[1] + share * height
        skin = body.pelvis.section(1, at)
        back = float(skin.centre[1] - skin.radius(np.array([-np.pi / 2]))[0])
        outline = rounded_rectangle(0.7 * width, 0.22 * height, 0.03 * body.size)
        pad = prism(outline, -(back - front) + 0.002, 0.004, 0.008).turned(_BACKWARDS)
        parts.append(Placed(pad.moved((front, at, 0.0)), "pelvis", Finish.PADDING))
    return parts


def _arm_path(body: Body, leg: Leg, plane: float, settings: ExoskeletonSettings) -> np.ndarray:
    """Run from the lower edge of the box around the hip to its motor, (points, 3), z outwards."""
    size = body.size
    middle, (depth, _, width) = box_place(body, settings)
    start_y = middle[1] - 0.30 * settings.box[1] * size
    hip = leg.hip
    behind = middle[0] + 0.2 * depth
    corner = max(plane - 0.05 * size, 0.5 * width + 0.01)
    knots = np.array(
        [
            (behind, start_y, 0.35 * width),
            (behind, start_y, 0.5 * width),
            (0.72 * behind, 0.7 * start_y + 0.3 * hip[1], corner),
            (0.40 * behind, 0.4 * start_y + 0.6 * hip[1] + 0.02 * size, plane),
            (hip[0], hip[1], plane),
        ]
    )
    return smooth_path(knots, 16)
