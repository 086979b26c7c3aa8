"""Which joints can be seen: the first surface along a joint's ray must be its own limb's.

A joint centre lies inside the body. It counts as visible where the camera sees the subject's skin
or clothes in front of it, near enough to be the limb that the joint belongs to: not the other leg,
not a swinging arm, not an exoskeleton, a prop or a bystander. Everything else that lies within the
picture is hidden.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from gaitpose.io.wpe import Labels
from gaitpose.skeleton import KEYPOINTS
from gaitpose.synthetic.people.segments import SEGMENTS
from gaitpose.synthetic.surface import Part, Viewpoint

OUTSIDE, HIDDEN, VISIBLE = 0, 1, 2
"""As COCO counts: 0 is not labelled."""

CLOTH = 0.05
"""Loose clothes stand off the skin by at most this, metres."""

_LIMBS: dict[str, tuple[str, ...]] = {
    "shoulder": ("{s}_clavicle", "{s}_shoulder", "{s}_upperarm", "spine01", "spine02", "neck01"),
    "hip": ("pelvis", "spine05", "spine04", "{s}_thigh"),
    "knee": ("{s}_thigh", "{s}_shank"),
    "ankle": ("{s}_shank", "{s}_foot"),
    "heel": ("{s}_shank", "{s}_foot", "{s}_toes"),
    "toe": ("{s}_foot", "{s}_toes"),
}
"""Segments whose skin may be seen at a joint ({s} is its side)."""

_REACH = {"shoulder": 0.17, "hip": 0.22, "knee": 0.12, "ankle": 0.09, "heel": 0.09, "toe": 0.08}
"""Farthest from the joint centre to the skin in front of it in an adult of 1.7 m, metres."""


@dataclass(frozen=True)
class Appearance:
    """One person as drawn.

    Parameters
    ----------
    keypoints : array, (12, 3)
        Metres, world frame.
    skin : array, (points, 3)
        Skin, metres; also below the clothes.
    segments : int array, (points,)
        To which of :data:`~gaitpose.synthetic.people.segments.SEGMENTS` the skin belongs.
    height : float
        Of the person, metres.
    parts : collection of Part
        What counts as this person.
    """

    keypoints: np.ndarray
    skin: np.ndarray
    segments: np.ndarray
    height: float
    parts: Collection[Part] = (Part.BODY, Part.CLOTHING)


def visibility(
    person: Appearance, viewpoint: Viewpoint, depth: np.ndarray, parts: np.ndarray
) -> np.ndarray:
    """Tell how each keypoint is seen.

    Parameters
    ----------
    person : Appearance
    viewpoint : Viewpoint
    depth : array, (height, width)
        Metres along the optical axis, 0 for none.
    parts : uint8 array, (height, width)
        Numbers of :class:`~gaitpose.synthetic.surface.Part`.

    Returns
    -------
    int array, (12,)
        0 outside the picture, 1 hidden, 2 visible.
    """
    pixels = viewpoint.project(person.keypoints)
    found = np.full(len(KEYPOINTS), OUTSIDE)
    for index, (x, y) in enumerate(pixels):
        if not (-0.5 <= x < viewpoint.width - 0.5 and -0.5 <= y < viewpoint.height - 0.5):
            continue
        spot = surface_point(viewpoint, (x, y), depth, parts, person.parts)
        seen = spot is not None and _is_limb(person, index, spot)
        found[index] = VISIBLE if seen else HIDDEN
    return found


def surface_point(
    viewpoint: Viewpoint,
    pixel: tuple[float, float],
    depth: np.ndarray,
    parts: np.ndarray,
    wanted: Collection[Part],
) -> np.ndarray | None:
    """Return where the ray through a pixel meets a person, metres, (3,).

    None where it meets something else first. Heel and toe lie on the outline, so that the
    neighbouring pixels are asked too where the ray passes by the person and meets what is behind.
    """
    height, width = parts.shape
    column, row = round(pixel[0]), round(pixel[1])
    for dx, dy in _NEIGHBOURS:
        x, y = column + dx, row + dy
        if 0 <= x < width and 0 <= y < height:
            if parts[y, x] in wanted:
                return _unprojected(viewpoint, x, y, float(depth[y, x]))
            if parts[y, x] not in (Part.ROOM, Part.NOTHING):
                return None
    return None


_NEIGHBOURS = ((0, 0), (0, -1), (-1, 0), (1, 0), (0, 1), (0, -2), (-2, 0), (2, 0), (0, 2))


def _unprojected(viewpoint: Viewpoint, x: float, y: float, depth: float) -> np.ndarray:
    right = (x - viewpoint.centre[0]) / viewpoint.focal[0]
    down = (y - viewpoint.centre[1]) / viewpoint.focal[1]
    return np.asarray(viewpoint.position + depth * (np.array([right, down, 1.0]) @ viewpoint.axes))


def _is_limb(person: Appearance, index: int, spot: np.ndarray) -> bool:
    """Whether a point on a person's surface belongs to the limb around a keypoint."""
    side, part = KEYPOINTS[index].split("_")
    joint = person.keypoints[index]
    reach = _REACH[part] * person.height / 1.7 + CLOTH
    if np.linalg.norm(spot - joint) > reach:
        return False
    if part in ("hip", "shoulder") and not _on_own_side(person, index, spot):
        return False
    nearest = int(((person.skin - spot) ** 2).sum(axis=1).argmin())
    return SEGMENTS[person.segments[nearest]] in {name.format(s=side) for name in _LIMBS[part]}


def _on_own_side(person: Appearance, index: int, spot: np.ndarray) -> bool:
    """Whether a point of the trunk lies on the keypoint's side of its middle."""
    other = index + 1 if index % 2 == 0 else index - 1
    across = person.keypoints[index] - person.keypoints[other]
    middle = (person.keypoints[index] + person.keypoints[other]) / 2
    return bool((spot - middle) @ across > 0)


def labels_of(
    person: Appearance,
    viewpoint: Viewpoint,
    depth: np.ndarray,
    parts: np.ndarray,
    **facts: object,
) -> Labels:
    """Return the labels of a person as drawn; `facts` go to :class:`gaitpose.io.wpe.Labels`."""
    seen = visibility(person, viewpoint, depth, parts)
    pixels = np.where(seen[:, None] > 0, viewpoint.project(person.keypoints), np.nan)
    outline = viewpoint.project(person.skin)
    low = np.maximum(outline.min(axis=0), -0.5)
    high = np.minimum(outline.max(axis=0), (viewpoint.width - 0.5, viewpoint.height - 0.5))
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Labels(keypoints=pixels, visibility=seen, box=box, **facts)  # type: ignore[arg-type]
