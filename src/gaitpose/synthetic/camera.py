"""A pinhole camera beside the walkway: metres of the walk to pixels of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from gaitpose.errors import BadSettings
from gaitpose.poses import poses_from_arrays
from gaitpose.synthetic.walker import Walk


@dataclass(frozen=True)
class PinholeCamera:
    """Pinhole camera that looks across the walkway.

    With all rotations 0 the optical axis is level and perpendicular to x. On the subject's right
    (``side="right"``, z > 0) a walk towards +x crosses the picture from left to right and the right
    leg is the near one; on the left side it crosses from right to left.

    Parameters
    ----------
    distance : float
        From the walking line (z = 0), metres.
    x, height : float
        Position along the walkway and above the floor, metres.
    side : {"right", "left"}
        Side of the walking line on which the camera stands.
    roll, pitch, yaw : float
        Degrees. Roll about the optical axis (the picture's content turns clockwise for positive
        roll), pitch (looking up +), yaw (looking to the camera's right +).
    fx, fy : float
        Focal lengths, pixels; pixels need not be square.
    width, height_px : int
        Size of the picture, pixels.
    centre : (x, y), optional
        Principal point, pixels; by default the middle of the picture (pixel centres are integers).
    orthographic : bool
        Parallel projection with the magnification of the walking line: an infinitely far camera
        with an infinitely long lens.
    """

    distance: float = 4.0
    x: float = 0.0
    height: float = 1.0
    side: Literal["right", "left"] = "right"
    roll: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    fx: float = 1000.0
    fy: float = 1000.0
    width: int = 1920
    height_px: int = 1080
    centre: tuple[float, float] | None = None
    orthographic: bool = False

    def __post_init__(self) -> None:
        if not (self.distance > 0 and self.fx > 0 and self.fy > 0):
            raise BadSettings("distance, fx and fy must be positive", where="camera")

    @property
    def principal_point(self) -> tuple[float, float]:
        """Pixel that the optical axis meets."""
        return self.centre or ((self.width - 1) / 2, (self.height_px - 1) / 2)

    @property
    def position(self) -> np.ndarray:
        """Of the camera, metres, world frame."""
        return np.array([self.x, self.height, self.distance * self._sign])

    @property
    def axes(self) -> np.ndarray:
        """Rows: directions of picture right, picture down and view, world frame, (3, 3)."""
        level = np.array([[self._sign, 0, 0], [0, -1, 0], [0, 0, -self._sign]], dtype=float)
        cy, sy = _cos_sin(self.yaw)
        cp, sp = _cos_sin(self.pitch)
        cr, sr = _cos_sin(self.roll)
        yaw = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
        pitch = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
        roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return roll @ pitch @ yaw @ level

    @property
    def _sign(self) -> int:
        return 1 if self.side == "right" else -1

    def project(self, points: np.ndarray) -> np.ndarray:
        """Pixels of points.

        Parameters
        ----------
        points : array, (..., 3)
            Metres, world frame.

        Returns
        -------
        array, (..., 2)
            x right, y down; NaN for points behind the camera.
        """
        right, down, depth = np.moveaxis(self._in_camera(points), -1, 0)
        scale = np.full_like(depth, 1 / self.distance)
        if not self.orthographic:
            with np.errstate(divide="ignore"):
                scale = np.where(depth > 0, 1 / depth, np.nan)
        cx, cy = self.principal_point
        return np.stack([cx + self.fx * right * scale, cy + self.fy * down * scale], axis=-1)

    def depth(self, points: np.ndarray) -> np.ndarray:
        """Distance along the optical axis, metres, (...); the smaller hides the larger."""
        return self._in_camera(points)[..., 2]

    def _in_camera(self, points: np.ndarray) -> np.ndarray:
        return (np.asarray(points, dtype=float) - self.position) @ self.axes.T

    def to_poses(self, walk: Walk, *, cropped: bool = False) -> xr.Dataset:
        """Show the walk as this camera sees it, without error.

        Parameters
        ----------
        walk : Walk
        cropped : bool
            Whether points outside the picture are missing.

        Returns
        -------
        xarray.Dataset
            Poses in pixels, with image size and focal lengths in the attributes.
        """
        pixels = self.project(walk.position)
        if cropped:
            pixels = np.where(self.sees(pixels)[..., np.newaxis], pixels, np.nan)
        return poses_from_arrays(
            pixels,
            None,
            walk.keypoints,
            "px",
            times=walk.time,
            attributes={
                "source_software": "gaitpose.synthetic",
                "image_width": self.width,
                "image_height": self.height_px,
                "fx": self.fx,
                "fy": self.fy,
            },
        )

    def sees(self, pixels: np.ndarray) -> np.ndarray:
        """Whether pixels (..., 2) are within the picture, (...)."""
        return (
            (pixels[..., 0] >= -0.5)
            & (pixels[..., 0] < self.width - 0.5)
            & (pixels[..., 1] >= -0.5)
            & (pixels[..., 1] < self.height_px - 0.5)
        )


def variable_frame_times(
    duration: float, fps: float, jitter: float, rng: np.random.Generator, *, dropped: float = 0.0
) -> np.ndarray:
    """Draw times of frames as a phone takes them: uneven, with some dropped.

    Parameters
    ----------
    duration : float
        Seconds.
    fps : float
        Nominal frames per second.
    jitter : float
        Standard deviation of a frame's time, as a share of the frame period; cut at 0.45 of it.
    rng : numpy.random.Generator
    dropped : float
        Share of frames that are missing.

    Returns
    -------
    array, (frames,)
        Strictly increasing seconds.
    """
    count = int(np.floor(duration * fps)) + 1
    late = np.clip(rng.normal(0.0, jitter, count), -0.45, 0.45)
    times = np.maximum((np.arange(count) + late) / fps, 0.0)
    times[0] = 0.0
    kept = rng.random(count) >= dropped
    kept[0] = True
    return times[kept]


def _cos_sin(degrees: float) -> tuple[float, float]:
    angle = np.deg2rad(degrees)
    return float(np.cos(angle)), float(np.sin(angle))
