"""What a camera adds to a picture: blur, noise, colour cast, vignette, compression."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class SensorSettings:
    """One camera and one moment.

    Parameters
    ----------
    motion_length : float
        Path of the picture during the exposure, pixels.
    motion_angle : float
        Its direction, degrees from picture right towards picture down.
    defocus : float
        Radius of the circle of confusion, pixels.
    exposure : float
        Stops; positive is brighter.
    white_balance : (red, green, blue)
        Factors.
    contrast : float
        About the middle grey; 1 leaves it.
    saturation : float
        1 leaves it.
    vignette : float
        Light lost in the corners, 0..1.
    shot_noise : float
        Standard deviation at full white, of 1; it grows with the root of the light.
    read_noise : float
        Standard deviation in the dark, of 1.
    noise_grain : float
        Width of the noise (standard deviation of a Gaussian, pixels): demosaicked noise is not
        white.
    scale : float
        The picture is scaled down by this factor and up again (a small sensor); 1 leaves it.
    sharpening : float
        Of the camera's unsharp mask.
    quality : int
        Of the JPEG compression, 1..100; 0 for none.
    compressions : int
        How often it is compressed.
    """

    motion_length: float = 0.0
    motion_angle: float = 0.0
    defocus: float = 0.0
    exposure: float = 0.0
    white_balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    contrast: float = 1.0
    saturation: float = 1.0
    vignette: float = 0.0
    shot_noise: float = 0.0
    read_noise: float = 0.0
    noise_grain: float = 0.0
    scale: float = 1.0
    sharpening: float = 0.0
    quality: int = 0
    compressions: int = 1

    @classmethod
    def draw(cls, rng: np.random.Generator) -> SensorSettings:
        """Draw a camera between a good one and a poor telephone."""
        poor = rng.random() ** 2
        temperature = rng.normal(0, 0.05)
        return cls(
            motion_length=float(rng.exponential(2.5)) if rng.random() < 0.35 else 0.0,
            motion_angle=float(rng.normal(0, 25)),
            defocus=float(rng.exponential(0.7)) if rng.random() < 0.35 else 0.0,
            exposure=float(rng.normal(0, 0.2)),
            white_balance=(1 + temperature, 1 + float(rng.normal(0, 0.015)), 1 - temperature),
            contrast=float(rng.normal(1.03, 0.08)),
            saturation=float(rng.normal(1.0, 0.12)),
            vignette=float(rng.uniform(0, 0.35)) if rng.random() < 0.5 else 0.0,
            shot_noise=float(rng.uniform(0.003, 0.012 + 0.05 * poor)),
            read_noise=float(rng.uniform(0.001, 0.006 + 0.02 * poor)),
            noise_grain=float(rng.uniform(0.3, 0.9)),
            scale=float(rng.uniform(0.4, 0.95)) if rng.random() < 0.15 + 0.4 * poor else 1.0,
            sharpening=float(rng.uniform(0, 0.8)) if rng.random() < 0.5 else 0.0,
            quality=int(rng.integers(max(25, 70 - int(50 * poor)), 97)),
            compressions=int(rng.integers(1, 3)),
        )


def apply_sensor(rgb: np.ndarray, settings: SensorSettings, rng: np.random.Generator) -> np.ndarray:
    """Return a picture as the camera would have stored it.

    Parameters
    ----------
    rgb : uint8 array, (height, width, 3)
        sRGB.
    settings : SensorSettings
    rng : numpy.random.Generator
        Of the noise; the same state gives the same picture.
    """
    picture = rgb.astype(np.float32) * (1 / 255)
    picture = _blurred(picture, settings)
    picture = _lit(picture, settings)
    picture = _noisy(picture, settings, rng)
    picture = _processed(picture, settings)
    out = np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8)
    return _compressed(out, settings)


def _blurred(picture: np.ndarray, settings: SensorSettings) -> np.ndarray:
    """Blur by motion and defocus."""
    if settings.motion_length > 0.5:
        picture = _filtered(picture, motion_kernel(settings.motion_length, settings.motion_angle))
    if settings.defocus > 0.3:
        picture = _filtered(picture, disc_kernel(settings.defocus))
    return picture


def _filtered(picture: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_REPLICATE)


def motion_kernel(length: float, angle: float) -> np.ndarray:
    """Return the float32 (n, n) path of a point, `length` pixels long, sum 1."""
    half = int(np.ceil(length / 2)) + 1
    size = 2 * half + 1
    steps = np.linspace(-length / 2, length / 2, 8 * size)
    x = half + steps * np.cos(np.deg2rad(angle))
    y = half + steps * np.sin(np.deg2rad(angle))
    kernel = np.zeros((size, size), dtype=np.float32)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
        share = np.abs(1 - right - (x - left)) * np.abs(1 - down - (y - top))
        np.add.at(kernel, (top + down, left + right), share)
    return kernel / kernel.sum()


def disc_kernel(radius: float) -> np.ndarray:
    """Return the float32 (n, n) image of a point out of focus, sum 1."""
    half = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return kernel / kernel.sum()


def _lit(picture: np.ndarray, settings: SensorSettings) -> np.ndarray:
    """Apply exposure, white balance and vignette, as in linear light (a power law of 2.2)."""
    gain = np.asarray(settings.white_balance) * 2.0**settings.exposure
    factors = (gain ** (1 / 2.2)).astype(np.float32)
    if settings.vignette == 0:
        return picture * factors
    height, width = picture.shape[:2]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    fall = (1 - settings.vignette * ((x * x + y * y) / 2) ** 1.5) ** (1 / 2.2)
    return picture * (fall[..., None] * factors)


def _noisy(picture: np.ndarray, settings: SensorSettings, rng: np.random.Generator) -> np.ndarray:
    """Add photon and read-out noise."""
    if settings.shot_noise == 0 and settings.read_noise == 0:
        return picture
    noise = rng.standard_normal(picture.shape, dtype=np.float32)
    if settings.noise_grain > 0:
        width = settings.noise_grain
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), width), dtype=np.float32)
        noise /= max(float(noise.std()), 1e-6)
    light = np.clip(picture, 0, 1)
    spread = np.sqrt(settings.shot_noise**2 * light + settings.read_noise**2)
    return picture + noise * spread


def _processed(picture: np.ndarray, settings: SensorSettings) -> np.ndarray:
    """Do what the camera's own processor does: contrast, saturation, resolution, sharpening."""
    if settings.contrast != 1:
        picture = (picture - 0.45) * settings.contrast + 0.45
    if settings.saturation != 1:
        grey = picture @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
        picture = grey[..., None] + (picture - grey[..., None]) * settings.saturation
    height, width = picture.shape[:2]
    if settings.scale < 1:
        size = (max(1, round(width * settings.scale)), max(1, round(height * settings.scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if settings.sharpening > 0:
        soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
        picture = picture + (picture - soft) * settings.sharpening
    return picture


def _compressed(rgb: np.ndarray, settings: SensorSettings) -> np.ndarray:
    """Store as JPEG and read again."""
    if settings.quality == 0:
        return rgb
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    for _ in range(settings.compressions):
        packed = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, settings.quality])[1]
        bgr = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
