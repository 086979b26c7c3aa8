"""A person: built once from settings, then posed at any moment of any walk."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitpose.skeleton import JOINTS, KEYPOINTS, SIDES
from gaitpose.synthetic.people.body import Body, build_body
from gaitpose.synthetic.people.dressing import layers_of
from gaitpose.synthetic.people.hands import with_curled_fingers
from gaitpose.synthetic.people.joints import BodyLengths, Joints, find_joints, measure, standing_on
from gaitpose.synthetic.people.posing import Moment, pose_segments
from gaitpose.synthetic.people.posture import Posture
from gaitpose.synthetic.people.rotations import moved, upright
from gaitpose.synthetic.people.segments import SEGMENTS, skinned
from gaitpose.synthetic.people.settings import PersonSettings
from gaitpose.synthetic.people.source import SKIN_VERTICES, base_mesh
from gaitpose.synthetic.people.wardrobe import Wardrobe
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.surface import Surface
from gaitpose.synthetic.walker import Walk

_CURL = 22.0
"""Degrees by which each joint of a finger is bent."""

_ANKLES = [JOINTS.index(f"{side}_ankle") for side in SIDES]


@dataclass(frozen=True)
class PosedPerson:
    """A person at one moment, in the world.

    Parameters
    ----------
    surfaces : tuple of Surface
        Skin, eyes, hair, clothes and shoes.
    keypoints : array, (12, 3)
        What annotators click, in the order of :data:`gaitpose.skeleton.KEYPOINTS`, metres: the COCO
        regressor of `anny`, but the ankle at the malleoli, and the heel as low as the big toe.
    joint_centres : array, (8, 3)
        What turns: hips, knees and ankles are the walker's, shoulders lie on the trunk; in the
        order of :data:`gaitpose.skeleton.JOINTS`, metres.
    frames : dict
        Motions (4, 4) of "pelvis", "left_thigh", "right_thigh", "left_shank", "right_shank",
        "left_foot", "right_foot": origin at mid-hip, hip, knee, ankle; columns forward, up along
        the segment (of the foot: off the sole), subject's right. Also "trunk" (origin mid-hip, up
        to the shoulders), "left_hand" and "right_hand" (origin at the wrist).
    skin : float32 array, (SKIN_VERTICES, 3)
        All of the skin, whether covered or not, metres.
    """

    surfaces: tuple[Surface, ...]
    keypoints: np.ndarray
    joint_centres: np.ndarray
    frames: dict[str, np.ndarray]
    skin: np.ndarray


class Person:
    """A body with its clothes.

    Parameters
    ----------
    settings : PersonSettings
    wardrobe : Wardrobe, optional
        Skins, hair and clothes from a folder; without it everything is of our own making.

    Attributes
    ----------
    lengths : BodyLengths
        What the walker needs to know.
    """

    def __init__(self, settings: PersonSettings, wardrobe: Wardrobe | None = None) -> None:
        self.settings = settings
        shape = build_body(settings.phenotype, settings.height)
        body = with_curled_fingers(shape, _CURL)
        joints = find_joints(body)
        self._layers, soles = layers_of(settings, body, joints, wardrobe)
        joints = standing_on(joints, soles)
        self._joints = _with_hanging_shoulders(body, joints)
        self._rest = body.vertices[:SKIN_VERTICES].astype(np.float32)
        self._weights = base_mesh().weights[:SKIN_VERTICES]
        self._regressor = _regressor()
        # The regressor's heel is higher than its toe; a foot's line is taken parallel to the sole.
        foot = body.keypoint("left_heel") - body.keypoint("left_big_toe")
        self._heel_drop = float(foot @ self._joints.foot_axes("left")[:, 1])
        self.lengths: BodyLengths = measure(self._joints, body.height)

    def walker_settings(self, base: WalkerSettings) -> WalkerSettings:
        """Return the same walk on this body's legs, at a speed that suits them."""
        return self.lengths.walker_settings(base)

    def pose(self, walk: Walk, index: int, posture: Posture) -> PosedPerson:
        """Pose the body as it is at one sample of a walk.

        Parameters
        ----------
        walk : Walk
            Of :meth:`walker_settings`; on other lengths the joints would be pulled apart.
        index : int
            Sample of the walk.
        posture : Posture
        """
        moment = moment_of(walk, index)
        motions = _to_world(moment.heading) @ pose_segments(self._joints, moment, posture)
        flat = motions[:, :3]
        skin = skinned(self._rest, self._weights, flat)
        centres = _joint_centres(self._joints, motions)
        keypoints = self._regressor @ skin
        keypoints[_ANKLES] = centres[_ANKLES]
        frames = _frames(self._joints, motions)
        for side in SIDES:
            heel = KEYPOINTS.index(f"{side}_heel")
            keypoints[heel] -= self._heel_drop * frames[f"{side}_foot"][:3, 1]
        return PosedPerson(
            surfaces=tuple(layer.posed(flat) for layer in self._layers),
            keypoints=keypoints,
            joint_centres=centres,
            frames=frames,
            skin=skin,
        )


def moment_of(walk: Walk, index: int) -> Moment:
    """Return the walker's points of one sample, seen along its heading."""
    heading = float(walk.heading[index])
    points = moved(np.linalg.inv(_to_world(heading)), walk.position[index])
    return Moment(dict(zip(walk.keypoints, points, strict=True)), heading)


def _to_world(heading: float) -> np.ndarray:
    motion = np.eye(4)
    c, s = np.cos(heading), np.sin(heading)
    motion[0, [0, 2]], motion[2, [0, 2]] = (c, -s), (s, c)
    return motion


def _regressor() -> np.ndarray:
    """Keypoints from skin vertices, (12, SKIN_VERTICES)."""
    mesh = base_mesh()
    rows = np.zeros((len(KEYPOINTS), SKIN_VERTICES), dtype=np.float32)
    for row, name in zip(rows, KEYPOINTS, strict=True):
        indices, weights = mesh.keypoints[name.replace("toe", "big_toe")]
        row[indices] = weights
    return rows


def _with_hanging_shoulders(body: Body, joints: Joints) -> Joints:
    """Find the shoulders that are clicked when the arms hang: at rest they are half raised."""
    standing = _standing(joints)
    motions = pose_segments(joints, standing, Posture(twist=0.0, arm_swing=0.0))
    back = np.linalg.inv(motions[SEGMENTS.index("spine01")])
    shoulders: dict[str, np.ndarray] = {}
    for side in SIDES:
        indices, weights = base_mesh().keypoints[f"{side}_shoulder"]
        posed = skinned(body.vertices[indices], base_mesh().weights[indices], motions[:, :3])
        shoulders[side] = moved(back, weights @ posed)
    return replace(joints, shoulders=shoulders)


def _standing(joints: Joints) -> Moment:
    """Points of a body that stands as it is at rest."""
    points = {}
    for side in SIDES:
        for name, segment in (("hip", "thigh"), ("knee", "shank"), ("ankle", "foot")):
            points[f"{side}_{name}"] = joints.centres[f"{side}_{segment}"]
        points[f"{side}_heel"], points[f"{side}_toe"] = joints.heels[side], joints.toe_pads[side]
        points[f"{side}_shoulder"] = joints.shoulders[side]
    return Moment(points, 0.0)


def _joint_centres(joints: Joints, motions: np.ndarray) -> np.ndarray:
    of = dict(zip(SEGMENTS, motions, strict=True))
    at = {}
    for side in SIDES:
        at[f"{side}_shoulder"] = moved(of["spine01"], joints.shoulders[side])
        for name, segment in (("hip", "thigh"), ("knee", "shank"), ("ankle", "foot")):
            centre = joints.centres[f"{side}_{segment}"]
            at[f"{side}_{name}"] = moved(of[f"{side}_{segment}"], centre)
    return np.stack([at[name] for name in JOINTS])


def _frames(joints: Joints, motions: np.ndarray) -> dict[str, np.ndarray]:
    of = dict(zip(SEGMENTS, motions, strict=True))
    at = joints.centres
    frames = {
        "pelvis": of["pelvis"] @ _frame(np.eye(3), joints.mid_hip),
        "trunk": of["spine01"] @ _frame(np.eye(3), joints.mid_shoulder),
    }
    for side in SIDES:
        for segment, below in (("thigh", "shank"), ("shank", "foot")):
            name = f"{side}_{segment}"
            axes = upright(at[name] - at[f"{side}_{below}"])
            frames[name] = of[name] @ _frame(axes, at[name])
        sole = _frame(joints.foot_axes(side), at[f"{side}_foot"])
        frames[f"{side}_foot"] = of[f"{side}_foot"] @ sole
        frames[f"{side}_hand"] = of[f"{side}_hand"] @ _frame(np.eye(3), at[f"{side}_hand"])
    return frames


def _frame(axes: np.ndarray, origin: np.ndarray) -> np.ndarray:
    frame = np.eye(4)
    frame[:3, :3], frame[:3, 3] = axes, origin
    return frame
