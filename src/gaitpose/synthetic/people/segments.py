"""The parts of a body that move as one, and how the rig's 163 bones are put together to them."""

from __future__ import annotations

import numpy as np

from gaitpose.skeleton import SIDES

SPINE: tuple[str, ...] = ("spine05", "spine04", "spine03", "spine02", "spine01")
"""From the pelvis upwards."""

NECK: tuple[str, ...] = ("neck01", "neck02", "neck03")

_LIMBS = (
    "clavicle",
    "shoulder",
    "upperarm",
    "forearm",
    "wrist_roll",
    "hand",
    "thigh",
    "shank",
    "foot",
    "toes",
)

SEGMENTS: tuple[str, ...] = (
    "pelvis",
    *SPINE,
    *NECK,
    "head",
    *(f"{side}_{part}" for side in SIDES for part in _LIMBS),
)
"""All segments; the columns of skinning weights."""

_PARTS = {
    "clavicle": "clavicle",
    "shoulder": "shoulder",
    "upperarm": "upperarm",
    "lowerarm01": "forearm",
    "lowerarm02": "wrist_roll",
    "wrist": "hand",
    "metacarpal": "hand",
    "finger": "hand",
    "upperleg": "thigh",
    "lowerleg": "shank",
    "foot": "foot",
    "toe": "toes",
}


def segment_of_bone(bone: str) -> str:
    """Name the segment that a bone of the MakeHuman rig belongs to."""
    stem, _, side = bone.partition(".")
    if stem in SEGMENTS:
        return stem
    if stem == "root" or stem == "pelvis":
        return "pelvis"
    if stem == "breast":
        return "spine02"
    for prefix, part in _PARTS.items():
        if stem.startswith(prefix):
            return f"{'left' if side == 'L' else 'right'}_{part}"
    return "head"  # what remains is the face


def skinned(rest: np.ndarray, weights: np.ndarray, transforms: np.ndarray) -> np.ndarray:
    """Linear blend skinning.

    Parameters
    ----------
    rest : array, (vertices, 3)
        Metres.
    weights : float32 array, (vertices, segments)
    transforms : array, (segments, 3, 4)
        From rest to pose.

    Returns
    -------
    float32 array, (vertices, 3)
    """
    blended = (weights @ transforms.reshape(len(transforms), 12).astype(np.float32)).reshape(
        -1, 3, 4
    )
    turned = np.einsum("vij,vj->vi", blended[:, :, :3], rest.astype(np.float32))
    return turned + blended[:, :, 3]
