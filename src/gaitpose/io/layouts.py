"""Order of keypoints in files that hold numbers without names."""

from __future__ import annotations

from gaitpose.errors import UnreadableInput

_COCO_17 = (
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
    *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    *("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
)

_OPENPOSE_UPPER = (
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist"),
    *("left_shoulder", "left_elbow", "left_wrist"),
)

COCO_18 = (
    *_OPENPOSE_UPPER,
    *("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
)
"""OpenPose's COCO model: the COCO joints in its own order, and the neck."""

BODY_25 = (
    *_OPENPOSE_UPPER,
    *("mid_hip", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
    *("left_big_toe", "left_small_toe", "left_heel"),
    *("right_big_toe", "right_small_toe", "right_heel"),
)
"""OpenPose's default model."""

_HALPE_26 = (
    *_COCO_17,
    *("head", "neck", "mid_hip", "left_big_toe", "right_big_toe"),
    *("left_small_toe", "right_small_toe", "left_heel", "right_heel"),
)

_WHOLEBODY_FEET = (
    *("left_big_toe", "left_small_toe", "left_heel"),
    *("right_big_toe", "right_small_toe", "right_heel"),
)


def _padded(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Name the points of face and hands, which gait analysis does not use, by their number."""
    return names + tuple(f"point_{number}" for number in range(len(names), count))


OPENPOSE_LAYOUTS: dict[int, tuple[str, ...]] = {25: BODY_25, 18: COCO_18}

TOP_DOWN_LAYOUTS: dict[int, tuple[str, ...]] = {
    17: _COCO_17,
    26: _HALPE_26,
    133: _padded(_COCO_17 + _WHOLEBODY_FEET, 133),
    136: _padded(_HALPE_26, 136),
}
"""COCO, Halpe-26, COCO-WholeBody and Halpe-136, as MMPose and AlphaPose write them."""


def names_for(count: int, layouts: dict[int, tuple[str, ...]], where: str) -> tuple[str, ...]:
    """Return the names of a layout by its number of keypoints.

    Raises
    ------
    UnreadableInput
        If no layout has so many.
    """
    if count not in layouts:
        known = ", ".join(map(str, layouts))
        raise UnreadableInput(
            f"a person with {count} keypoints is of no known layout (known: {known} keypoints)",
            where=where,
        )
    return layouts[count]
