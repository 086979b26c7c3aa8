"""Cables: from the box to the hips' motors, and down along the thigh to the knees'."""

from __future__ import annotations

import numpy as np

from gaitpose.skeleton import Side
from gaitpose.synthetic.exoskeleton.legs import Planes, thickness_of
from gaitpose.synthetic.exoskeleton.placed import Finish, Hanging, Placed
from gaitpose.synthetic.exoskeleton.settings import ExoskeletonSettings
from gaitpose.synthetic.exoskeleton.solids import Solid, circle, smooth_path, sweep
from gaitpose.synthetic.exoskeleton.trunk import box_place
from gaitpose.synthetic.exoskeleton.wearer import Body, Leg

_RADIUS = 0.0035
_CORNERS = 7


def box_cable(body: Body, leg: Leg, plane: float, settings: ExoskeletonSettings) -> Placed:
    """Cable from the box's side in a bow to the hip's motor; pelvis, z outwards."""
    middle, (depth, height, width) = box_place(body, settings)
    out = leg.hip[2] + plane + thickness_of(settings, body.size) + 0.02
    knots = np.array(
        [
            (middle[0], middle[1] - 0.1 * height, 0.48 * width),
            (middle[0] + 0.1 * depth, middle[1] - 0.12 * height, max(0.54 * width, 0.8 * out)),
            (0.45 * middle[0], leg.hip[1] + 0.11 * body.size, out),
            (leg.hip[0] - 0.01, leg.hip[1] + 0.7 * settings.hip.radius, out),
        ]
    )
    return Placed(_cable(smooth_path(knots, 18), (0, 1, 0)), "pelvis", Finish.CABLE)


def leg_cable(
    body: Body, leg: Leg, planes: Planes, settings: ExoskeletonSettings, frames: np.ndarray
) -> Hanging:
    """Cable from the hip's motor behind the thigh link to the knee's motor; z outwards.

    Parameters
    ----------
    frames : array, (4, 4)
        From the thigh's frame to the pelvis' at rest, both with z outwards.
    """
    size, knee = body.size, leg.knee
    thickness = thickness_of(settings, size)
    behind = -0.9 * settings.hip.radius * size**0.5
    hip_z, knee_z = planes.hip + thickness + 0.012, planes.knee + thickness + 0.012
    knots = np.array(
        [
            (0.5 * behind, 0.3 * behind, hip_z),
            (behind, 0.14 * knee[1], hip_z),
            (0.5 * behind + 0.5 * knee[0], 0.5 * knee[1], 0.5 * (hip_z + knee_z) - 0.006),
            (0.7 * behind + knee[0], 0.85 * knee[1], knee_z),
            (0.5 * behind + knee[0], knee[1], knee_z),
        ]
    )
    along_thigh = _cable(smooth_path(knots, 22), (1, 0, 0))
    down = np.clip(along_thigh.vertices[:, 1] / (0.2 * knee[1]), 0.0, 1.0)
    in_pelvis = along_thigh.vertices @ frames[:3, :3].T + frames[:3, 3]
    return Hanging(
        Solid(in_pelvis, along_thigh.faces), along_thigh.vertices, ("pelvis", "thigh"), down
    )


def sided(hanging: Hanging, side: Side) -> Hanging:
    """Give a cable that was made with z outwards to one side of the body."""
    first, second = (name if name == "pelvis" else f"{side}_{name}" for name in hanging.segments)
    if side == "right":
        return Hanging(hanging.solid, hanging.other, (first, second), hanging.share)
    mirrored = hanging.solid.mirrored()
    return Hanging(mirrored, hanging.other * (1, 1, -1), (first, second), hanging.share)


def _cable(path: np.ndarray, reference: tuple[float, float, float]) -> Solid:
    return sweep(path, circle(_RADIUS, _CORNERS), reference)
