"""Cuts the network's square out of a picture, with the augmentations of training.

A view is one input of the network: a square of pixels, the joints in it, and what is known of each.
All randomness comes from the generator that is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from gaitpose.pose.codec import ABSENT, PRESENT, UNKNOWN
from gaitpose.pose.people import square_around
from gaitpose.skeleton import JOINTS, MIRROR
from gaitpose.training.people import Person


@dataclass(frozen=True)
class AugmentSettings:
    """How far a view may stray from the plain crop around the person's box.

    Parameters
    ----------
    rotation : float
        Largest turn either way, degrees, ...
    rotate_share : float
        ... of this share of the views.
    scale : tuple of two float
        Range of the factor on the square's side (log-uniform).
    shift : float
        Largest shift of the square either way, in shares of its side.
    wide_share, wide_scale
        This share of views shows much more around the person, as a whole picture does.
    half_share : float
        Share of views that show the legs only.
    mirror_share : float
        Share mirrored, left and right joints exchanged.
    occlude_share : float
        Share with one to three patches painted over.
    colour : float
        Strength of changes of brightness, contrast and colour; 0 is none.
    bystander_share : float
        Share with another person pasted beside the subject (:mod:`gaitpose.training.bystanders`).
    blur_share, low_resolution_share, noise_share, grey_share : float
        Shares of views so spoilt.
    """

    rotation: float = 10.0
    rotate_share: float = 1.0
    scale: tuple[float, float] = (1.0, 1.0)
    shift: float = 0.0
    wide_share: float = 0.0
    wide_scale: tuple[float, float] = (1.5, 3.0)
    half_share: float = 0.0
    mirror_share: float = 0.5
    occlude_share: float = 0.5
    bystander_share: float = 0.0
    colour: float = 0.0
    blur_share: float = 0.0
    low_resolution_share: float = 0.0
    noise_share: float = 0.0
    grey_share: float = 0.0


PLAIN = AugmentSettings(rotation=0.0, mirror_share=0.0, occlude_share=0.0)
"""No augmentation: what validation sees."""


@dataclass(frozen=True)
class View:
    """One input of the network and its labels.

    Attributes
    ----------
    image : uint8 array, (size, size, 3)
        RGB.
    joints : float array, (8, 2)
        x, y in pixels of the view.
    state : int array, (8,)
        UNKNOWN, PRESENT or ABSENT of the codec.
    depth : float32 array, (size, size), optional
        Metres; NaN where there is none.
    """

    image: np.ndarray
    joints: np.ndarray
    state: np.ndarray
    depth: np.ndarray | None = None


def person_view(
    person: Person, size: int, settings: AugmentSettings, rng: np.random.Generator
) -> View:
    """Cut one view around a person, turned and shifted; :func:`finish_view` does the rest."""
    matrix = _sample_matrix(person, size, settings, rng)
    image = warp(person.image, matrix, size)
    joints = person.joints @ matrix[:, :2].T + matrix[:, 2]
    labelled = person.visibility > 0
    inside = ((joints >= 0) & (joints <= size - 1)).all(1)
    state = np.where(labelled, np.where(inside, PRESENT, ABSENT), UNKNOWN)
    depth = None if person.depth is None else _warp_depth(person.depth, matrix, size)
    return View(image, joints, state, depth)


def finish_view(view: View, settings: AugmentSettings, rng: np.random.Generator) -> View:
    """Mirror, occlude and spoil a view's pixels."""
    if rng.random() < settings.mirror_share:
        view = mirror(view)
    image = view.image
    if rng.random() < settings.occlude_share:
        image = _occlude(image, view.joints, rng)
    return replace(view, image=spoil(image, settings, rng))


def mirror(view: View) -> View:
    """Exchange left and right, of the picture and of the joints' names."""
    order = list(MIRROR)
    joints = view.joints[order].copy()
    joints[:, 0] = view.image.shape[1] - 1 - joints[:, 0]
    depth = None if view.depth is None else view.depth[:, ::-1]
    return View(cv2.flip(view.image, 1), joints, view.state[order], depth)


def warp(image: np.ndarray, matrix: np.ndarray, size: int) -> np.ndarray:
    """Resample the square that `matrix` (2x3, image to view) describes; edges go on outside.

    Strong reductions are averaged first, so that nothing aliases.
    """
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if scale < 0.5:
        shrink = 2.0 * scale
        height, width = image.shape[:2]
        small = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        image = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
        fx, fy = width / small[0], height / small[1]
        # cv2.resize aligns the pictures' corners, not the centres of their first pixels.
        back = np.array([[fx, 0, (fx - 1) / 2], [0, fy, (fy - 1) / 2], [0, 0, 1]])
        matrix = matrix @ back
    return cv2.warpAffine(
        image,
        matrix,
        (size, size),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _warp_depth(depth: np.ndarray, matrix: np.ndarray, size: int) -> np.ndarray:
    """Resample depth without averaging different surfaces; outside there is none."""
    return cv2.warpAffine(
        depth,
        matrix,
        (size, size),
        flags=cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=float("nan"),
    )


def spoil(image: np.ndarray, settings: AugmentSettings, rng: np.random.Generator) -> np.ndarray:
    """Change colours, lose resolution, blur and add noise, as the settings' shares say."""
    if rng.random() < settings.low_resolution_share:
        image = _lose_resolution(image, rng)
    if rng.random() < settings.blur_share:
        image = _blur(image, rng)
    if settings.colour > 0:
        image = _shift_colours(image, settings.colour, rng)
    if rng.random() < settings.grey_share:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    if rng.random() < settings.noise_share:
        noise = rng.standard_normal(image.shape, dtype=np.float32) * rng.uniform(2, 14)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    return image


def _sample_matrix(
    person: Person, size: int, settings: AugmentSettings, rng: np.random.Generator
) -> np.ndarray:
    box = person.box
    if rng.random() < settings.half_share:
        box = _legs_box(person)
    centre_x, centre_y, side = square_around(box)
    factor = np.exp(rng.uniform(*np.log(settings.scale)))
    shift = settings.shift
    if rng.random() < settings.wide_share:
        factor = np.exp(rng.uniform(*np.log(settings.wide_scale)))
        shift = 0.5 * (1 - 1 / factor)
    side *= factor
    centre_x += rng.uniform(-shift, shift) * side
    centre_y += rng.uniform(-shift, shift) * side
    turn = rng.uniform(-settings.rotation, settings.rotation)
    angle = np.deg2rad(turn) if rng.random() < settings.rotate_share else 0.0
    scale = size / side
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.full(2, (size - 1) / 2)
    return np.column_stack((linear, middle - linear @ (centre_x, centre_y)))


def _legs_box(person: Person) -> np.ndarray:
    legs = [i for i, name in enumerate(JOINTS) if "shoulder" not in name]
    known = [i for i in legs if person.visibility[i] > 0]
    if len(known) < 4:
        return person.box
    low, high = person.joints[known].min(0), person.joints[known].max(0)
    flesh = 0.12 * (high - low).max()
    return np.concatenate((low - flesh, high + flesh))


def _occlude(image: np.ndarray, joints: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    image = image.copy()
    size = image.shape[0]
    for _ in range(rng.integers(1, 4)):
        near = joints[rng.integers(len(joints))] + rng.normal(0, 0.08 * size, 2)
        centre = np.clip(near, 0, size - 1)
        half = rng.uniform(0.02, 0.13, 2) * size
        x0, y0 = np.maximum(centre - half, 0).astype(int)
        x1, y1 = np.minimum(centre + half + 1, size).astype(int)
        if rng.random() < 0.5:
            image[y0:y1, x0:x1] = rng.integers(0, 256, 3)
        else:  # a piece of the same picture is harder to tell from a body than a plain colour
            sx, sy = rng.integers(0, size - (x1 - x0) + 1), rng.integers(0, size - (y1 - y0) + 1)
            image[y0:y1, x0:x1] = image[sy : sy + y1 - y0, sx : sx + x1 - x0].copy()
    return image


def _lose_resolution(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    size = image.shape[0]
    small = max(24, round(size * rng.uniform(0.25, 0.8)))
    image = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        quality = int(rng.integers(25, 90))
        _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))
    return cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR)


def _blur(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if rng.random() < 0.5:
        return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 2.0))
    length = int(rng.integers(2, 10))  # motion
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(-0.4, 0.4)
    middle = (length - 1) / 2
    for along in np.linspace(-middle, middle, 3 * length):
        kernel[round(middle + along * np.sin(angle)), round(middle + along * np.cos(angle))] += 1
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def _shift_colours(image: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    gain = np.exp(rng.normal(0, 0.25 * strength)) * np.exp(rng.normal(0, 0.08 * strength, 3))
    gamma = np.exp(rng.normal(0, 0.2 * strength))
    level = np.linspace(0, 1, 256)[:, None] ** gamma
    lift = rng.normal(0, 0.06 * strength)
    table = np.clip(((level - 0.5) * gain + 0.5 + lift) * 255, 0, 255).astype(np.uint8)
    return cv2.LUT(image, table[None])


def relative_depth(view: View) -> np.ndarray:
    """Return the view's depth scaled to 0..1 between nearest and farthest; NaN where unknown.

    The outermost hundredths are cut, as sensors' worst pixels lie there.
    """
    if view.depth is None or not np.isfinite(view.depth).any():
        return np.full(view.image.shape[:2], np.nan, np.float32)
    near, far = np.nanquantile(view.depth, (0.01, 0.99))
    return np.clip((view.depth - near) / max(far - near, 1e-6), 0, 1).astype(np.float32)


def stack(views: Sequence[View]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return images (B, size, size, 3), joints (B, 8, 2) float32 and states (B, 8)."""
    return (
        np.stack([view.image for view in views]),
        np.stack([view.joints for view in views]).astype(np.float32),
        np.stack([view.state for view in views]).astype(np.int64),
    )
