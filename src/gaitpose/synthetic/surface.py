"""What can be drawn: triangle meshes with a material, and the camera that looks at them.

The one language between bodies, exoskeletons, rooms and the renderer. World frame of the walker:
metres, x in the first direction of walking, y up, z to the walker's right; the floor is y = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Part(IntEnum):
    """What a pixel shows; the renderer writes these numbers into its map of parts."""

    NOTHING = 0
    BODY = 1
    """Skin of the subject."""
    CLOTHING = 2
    """Garments, shoes and hair of the subject."""
    EXOSKELETON = 3
    BYSTANDER = 4
    """Another person, whatever he wears."""
    PROP = 5
    """Whatever stands around and may hide the subject."""
    ROOM = 6
    """Floor, walls, backdrop."""


@dataclass(frozen=True)
class Material:
    """How a surface answers light.

    Parameters
    ----------
    colour : (red, green, blue)
        sRGB, 0..1; multiplies the texture.
    texture : uint8 array, (height, width, 3 or 4), optional
        sRGB, first row at the top (v = 1); a fourth channel is opacity, cut at one half.
    roughness : float
        0 is a mirror-like highlight, 1 none.
    metallic : float
        0..1.
    two_sided : bool
        Whether the back of the triangles is drawn (cloth, hair).
    shadow_catcher : bool
        Whether the surface shows the photo behind it, darkened where shadows fall (a floor in a
        photo). It throws none itself; it has depth and part like any other.
    """

    colour: tuple[float, float, float] = (0.7, 0.7, 0.7)
    texture: np.ndarray | None = None
    roughness: float = 0.8
    metallic: float = 0.0
    two_sided: bool = False
    shadow_catcher: bool = False


@dataclass(frozen=True)
class Surface:
    """A triangle mesh of one material.

    Parameters
    ----------
    vertices : float32 array, (vertices, 3)
        Metres, world frame.
    faces : int32 array, (faces, 3)
        Counter-clockwise seen from outside.
    material : Material
    part : Part
        What it belongs to.
    uv : float32 array, (vertices, 2), optional
        Texture coordinates, v up; vertices on a seam are repeated.
    smooth : bool
        Whether normals are averaged over the faces that meet in a vertex (skin, cloth) or each face
        is flat (boxes).
    """

    vertices: np.ndarray
    faces: np.ndarray
    material: Material
    part: Part
    uv: np.ndarray | None = None
    smooth: bool = True


@dataclass(frozen=True)
class Viewpoint:
    """A pinhole camera anywhere.

    Parameters
    ----------
    position : float array, (3,)
        Metres, world frame.
    axes : float array, (3, 3)
        Rows: directions of picture right, picture down and view.
    focal : (fx, fy)
        Pixels.
    centre : (x, y)
        Principal point, pixels; pixel centres are integers.
    width, height : int
        Of the picture, pixels.
    """

    position: np.ndarray
    axes: np.ndarray
    focal: tuple[float, float]
    centre: tuple[float, float]
    width: int
    height: int

    @classmethod
    def looking(
        cls,
        position: np.ndarray,
        target: np.ndarray,
        focal: float,
        width: int,
        height: int,
        *,
        roll: float = 0.0,
    ) -> Viewpoint:
        """Stand at `position`, look at `target` (metres), turned by `roll` degrees.

        For positive `roll` the picture's content turns clockwise. The principal point is the
        middle of the picture and pixels are square.
        """
        view = np.asarray(target, dtype=float) - position
        view /= np.linalg.norm(view)
        right = np.cross(view, (0.0, 1.0, 0.0))
        right /= np.linalg.norm(right)
        down = np.cross(view, right)
        angle = np.deg2rad(roll)
        c, s = np.cos(angle), np.sin(angle)
        axes = np.stack([c * right - s * down, s * right + c * down, view])
        middle = ((width - 1) / 2, (height - 1) / 2)
        return cls(np.asarray(position, dtype=float), axes, (focal, focal), middle, width, height)

    def in_camera(self, points: np.ndarray) -> np.ndarray:
        """Carry points (..., 3) from the world to right, down and depth, metres."""
        return (np.asarray(points, dtype=float) - self.position) @ self.axes.T

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return pixels (..., 2) of points (..., 3); NaN behind the camera."""
        right, down, depth = np.moveaxis(self.in_camera(points), -1, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(depth > 0, 1 / depth, np.nan)
        x = self.centre[0] + self.focal[0] * right * scale
        return np.stack([x, self.centre[1] + self.focal[1] * down * scale], axis=-1)
