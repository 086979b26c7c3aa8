"""One sample of a WPE folder: picture, depth, camera, labelled people; where its files lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.skeleton import KEYPOINTS

RGB, DEPTH, LABELS = "rgb", "depth", "labels"
"""Folders of pictures, of depth, and of one small file a finished sample (the writer's)."""

ANNOTATIONS, CAMERA, SUBJECT, TRUTH = (
    "annotations.json",
    "camera.json",
    "subject.json",
    "truth.json",
)

FORMAT, VERSION = "gaitpose-wpe", 1

NOT_LABELLED, HIDDEN, VISIBLE = 0, 1, 2
"""Visibility, as COCO counts it."""

DEPTH_UNIT = 0.001
"""Metres of one step of the depth pictures."""


@dataclass(frozen=True)
class Camera:
    """Pinhole camera of a picture, for colour and (aligned) depth alike.

    Parameters
    ----------
    fx, fy : float
        Focal lengths, pixels.
    cx, cy : float
        Principal point, pixels; pixel centres are integers.
    width, height : int
        Of the picture, pixels.
    distortion : tuple of float
        Coefficients k1, k2, p1, p2, k3 of the lens as the camera states them; empty for none.
    distortion_model : str
        The camera's name for what the coefficients mean; empty for none.
    """

    fx: float
    fy: float
    cx: float
    cy: float
    width: int
    height: int
    distortion: tuple[float, ...] = ()
    distortion_model: str = ""

    def __post_init__(self) -> None:
        if not (self.fx > 0 and self.fy > 0 and self.width > 0 and self.height > 0):
            raise BadSettings("fx, fy, width and height must be positive", where="camera")

    def to_json(self) -> dict[str, Any]:
        """Return what is written; a lens without distortion is not mentioned."""
        entries = {name: getattr(self, name) for name in self.__dataclass_fields__}
        if not any(self.distortion):
            del entries["distortion"], entries["distortion_model"]
        return entries


@dataclass(frozen=True)
class Labels:
    """What is known of one person in one picture.

    Parameters
    ----------
    keypoints : float array, (12, 2)
        x, y in pixels of :data:`gaitpose.skeleton.KEYPOINTS`; NaN where not labelled.
    visibility : int array, (12,)
        2 visible, 1 labelled but hidden by something, 0 not labelled or out of the picture.
    box : (x0, y0, x1, y1), optional
        The whole person, pixels; by default what encloses the labelled keypoints.
    view_deg : float, optional
        From where the camera looks at the person, about the vertical, degrees: 0 from the right,
        90 from the front, 180 (or -180) from the left, -90 from the back.
    exoskeleton : bool, optional
        Whether one is worn; None where it is not known.
    preset : str, optional
        Name of the gait preset that the person walks in.
    attributes : mapping
        Whatever else should be kept, as JSON takes it.
    """

    keypoints: np.ndarray
    visibility: np.ndarray
    box: tuple[float, float, float, float] | None = None
    view_deg: float | None = None
    exoskeleton: bool | None = None
    preset: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        points, visibility = np.asarray(self.keypoints), np.asarray(self.visibility)
        if points.shape != (len(KEYPOINTS), 2) or visibility.shape != (len(KEYPOINTS),):
            raise BadSettings(
                f"{points.shape} and {visibility.shape} are not (12, 2) keypoints and (12,) "
                "visibilities",
                where="labels",
            )
        if not np.isin(visibility, (NOT_LABELLED, HIDDEN, VISIBLE)).all():
            raise BadSettings("visibility is 0, 1 or 2", where="labels")
        if not np.isfinite(points[visibility > 0]).all():
            raise BadSettings("a labelled keypoint has no place", where="labels")


@dataclass(frozen=True)
class Sample:
    """One picture with depth and labels, to be written.

    Parameters
    ----------
    rgb : uint8 array, (height, width, 3)
    depth : float array, (height, width)
        Metres along the optical axis, aligned with `rgb`; 0 or NaN where nothing was measured.
    camera : Camera
    people : tuple of Labels
        The subject first, then others; may be empty.
    time_s : float, optional
        Seconds since the clip began.
    subject : mapping
        Facts about the subject, as :class:`gaitpose.subject.Subject` takes them.
    attributes : mapping
        Whatever else should be kept about the picture, as JSON takes it.
    """

    rgb: np.ndarray
    depth: np.ndarray
    camera: Camera
    people: tuple[Labels, ...] = ()
    time_s: float | None = None
    subject: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = (self.camera.height, self.camera.width)
        if self.rgb.shape != (*size, 3) or self.rgb.dtype != np.uint8 or self.depth.shape != size:
            raise BadSettings(
                f"rgb {self.rgb.dtype} {self.rgb.shape} and depth {self.depth.shape} do not belong "
                f"to a camera of {size[1]} x {size[0]}",
                where="sample",
            )


def picture_name(index: int) -> str:
    """Return the name of a sample's picture within ``rgb/``."""
    return f"{index:06d}.jpg"


def depth_name(picture: str) -> str:
    """Return the name of the depth within ``depth/`` that belongs to a picture."""
    return f"{Path(picture).stem}.png"
