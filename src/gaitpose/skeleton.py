"""Joints, bones and mirror pairs: the one table of what a body is made of here.

Order and names of the eight joints are those of the GaitPoseNet article (Sci Rep 2023, 13:22681);
heel and toe are added where a source has them (motion capture, BODY_25, BlazePose).
"""

from __future__ import annotations

import re
from typing import Literal

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

JOINTS: tuple[str, ...] = (
    "left_shoulder",
    "right_shoulder",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""The eight joints of GaitPoseNet, in channel order."""

FOOT_POINTS: tuple[str, ...] = ("left_heel", "right_heel", "left_toe", "right_toe")
"""Optional points of the foot: heel (calcaneus) and toe (second metatarsal head or big toe)."""

KEYPOINTS: tuple[str, ...] = JOINTS + FOOT_POINTS

LEG_JOINTS: tuple[str, ...] = JOINTS[2:]
"""The six joints without which no gait analysis is possible."""

BONES: tuple[tuple[str, str], ...] = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    ("left_shoulder", "left_hip"),
    ("right_shoulder", "right_hip"),
    ("left_hip", "left_knee"),
    ("right_hip", "right_knee"),
    ("left_knee", "left_ankle"),
    ("right_knee", "right_ankle"),
)
"""The eight bones, one channel of joint guidance (JGS) each, in channel order."""


def mirrored(name: str) -> str:
    """Return the name of the same point on the other side of the body."""
    if name.startswith("left_"):
        return "right_" + name[5:]
    if name.startswith("right_"):
        return "left_" + name[6:]
    return name


MIRROR: tuple[int, ...] = tuple(JOINTS.index(mirrored(name)) for name in JOINTS)
"""``joints[MIRROR]`` exchanges left and right of the eight joints."""

_PARTS = {
    "shoulder": "shoulder",
    "hip": "hip",
    "knee": "knee",
    "ankle": "ankle",
    "heel": "heel",
    "calcaneus": "heel",
    "calc": "heel",
    "toe": "toe",
    "toes": "toe",
    "bigtoe": "toe",
    "footindex": "toe",
    "foottip": "toe",
}


def canonical_name(name: str) -> str | None:
    """Translate a source's keypoint name to ours.

    Understands ``left_hip``, ``LHip``, ``L_Hip``, ``hip_l``, ``Left Hip``, ``hip.left``,
    ``LBigToe``, ``left_foot_index`` and the like, in any case.

    Parameters
    ----------
    name : str
        The name in the source.

    Returns
    -------
    str or None
        One of :data:`KEYPOINTS`, or None if it is not a point that gait analysis uses.
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    spaced = re.sub(r"^([LR])(?=[A-Z][a-z])", r"\1 ", spaced).lower()
    words = [word for word in re.split(r"[^a-z0-9]+", spaced) if word]
    side: str | None = None
    rest: list[str] = []
    for word in words:
        if word in ("left", "l") and side is None:
            side = "left"
        elif word in ("right", "r") and side is None:
            side = "right"
        elif word not in ("joint", "center", "centre"):
            rest.append(word)
    part = "".join(rest)
    if side is None:
        for prefix, candidate in (
            ("left", "left"),
            ("right", "right"),
            ("l", "left"),
            ("r", "right"),
        ):
            if part.startswith(prefix) and part[len(prefix) :] in _PARTS:
                side, part = candidate, part[len(prefix) :]
                break
    if side is None or part not in _PARTS:
        return None
    return f"{side}_{_PARTS[part]}"
