"""What light falls on a scene: one sun with shadows, a sky over a ground, a few lamps.

Intensities are those of a white matt surface: a sheet of paper that faces a sun of intensity 1
reflects a linear 1, which the picture shows as white.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.errors import BadSettings

MOST_LAMPS = 4


@dataclass(frozen=True)
class Lamp:
    """A round lamp that throws no shadow.

    Parameters
    ----------
    position : (x, y, z)
        Metres, world frame.
    intensity : float
        Of white paper that faces the lamp from one metre away.
    colour : (red, green, blue)
        Linear, about 1.
    radius : float
        Metres; a larger lamp makes a softer highlight.
    """

    position: tuple[float, float, float]
    intensity: float
    colour: tuple[float, float, float] = (1.0, 1.0, 1.0)
    radius: float = 0.1


@dataclass(frozen=True)
class Lighting:
    """All light of a scene.

    Parameters
    ----------
    sun_direction : (x, y, z)
        Towards the sun (indoors: the strongest window or ceiling light), world frame, y > 0; any
        length.
    sun_intensity : float
        Of white paper that faces the sun.
    sun_colour, sky_colour, ground_colour : (red, green, blue)
        Linear, about 1.
    sun_spread : float
        Apparent size of the sun, degrees: 0.5 in a clear sky, 10 behind haze, 25 for a window.
    sky_intensity, ground_intensity : float
        Light from straight above and from straight below, in between it is mixed.
    lamps : tuple of Lamp
        At most four.
    exposure : float
        Multiplies all light.
    """

    sun_direction: tuple[float, float, float] = (0.4, 1.0, 0.6)
    sun_intensity: float = 0.65
    sun_colour: tuple[float, float, float] = (1.0, 0.97, 0.92)
    sun_spread: float = 6.0
    sky_intensity: float = 0.45
    sky_colour: tuple[float, float, float] = (0.96, 0.98, 1.0)
    ground_intensity: float = 0.22
    ground_colour: tuple[float, float, float] = (1.0, 0.95, 0.88)
    lamps: tuple[Lamp, ...] = ()
    exposure: float = 1.0

    def __post_init__(self) -> None:
        if len(self.lamps) > MOST_LAMPS:
            raise BadSettings(f"{len(self.lamps)} lamps; at most {MOST_LAMPS} are drawn")
        if self.sun_direction[1] <= 0:
            raise BadSettings(f"the sun stands below the floor: direction {self.sun_direction}")

    @classmethod
    def draw(cls, rng: np.random.Generator, indoor: bool) -> Lighting:
        """Draw the light of a plausible room or of a plausible time of day."""
        return _indoors(rng) if indoor else _outdoors(rng)


def _indoors(rng: np.random.Generator) -> Lighting:
    """Ceiling lamps or a window: soft shadows, much light from all around."""
    window = rng.random() < 0.4
    height = rng.uniform(25, 50) if window else rng.uniform(60, 88)
    key = rng.uniform(0.45, 0.95) if window else rng.uniform(0.35, 0.75)
    ambient = rng.uniform(0.3, 0.5)
    warmth = rng.uniform(-0.1, 0.22)
    lamps = tuple(
        Lamp(
            (rng.uniform(-4, 4), rng.uniform(2.2, 3.2), rng.uniform(-3, 3)),
            intensity=rng.uniform(0.2, 1.0),
            colour=_tint(warmth + rng.uniform(-0.05, 0.1)),
            radius=rng.uniform(0.05, 0.4),
        )
        for _ in range(rng.integers(0, 4))
    )
    return Lighting(
        sun_direction=_direction(rng, height),
        sun_intensity=key,
        sun_colour=_tint(-0.05 if window else warmth),
        sun_spread=rng.uniform(8, 30),
        sky_intensity=ambient,
        sky_colour=_tint(warmth),
        ground_intensity=ambient * rng.uniform(0.4, 0.75),
        ground_colour=_tint(warmth + 0.06),
        lamps=lamps,
        exposure=_exposure(rng, 0.6 * key + 0.85 * ambient),
    )


def _outdoors(rng: np.random.Generator) -> Lighting:
    """Sun in a blue sky, or clouds: from hard shadows to hardly any."""
    cloud = rng.random() ** 1.5
    height = rng.uniform(20, 70)
    key = (1.0 - 0.85 * cloud) * rng.uniform(0.7, 0.95)
    ambient = 0.25 + 0.5 * cloud
    bounced = key * np.sin(np.deg2rad(height)) * rng.uniform(0.15, 0.3)
    low_sun = max(0.0, 1 - height / 45)
    return Lighting(
        sun_direction=_direction(rng, height),
        sun_intensity=key,
        sun_colour=_tint(0.06 + 0.2 * low_sun),
        sun_spread=0.6 + 24 * cloud,
        sky_intensity=ambient,
        sky_colour=_tint(-0.16 * (1 - cloud)),
        ground_intensity=bounced + 0.3 * ambient,
        ground_colour=_tint(rng.uniform(0.0, 0.1)),
        exposure=_exposure(rng, 0.6 * key + 0.75 * ambient),
    )


def _direction(rng: np.random.Generator, height: float) -> tuple[float, float, float]:
    """Choose a direction towards a sun `height` degrees above the horizon."""
    around = rng.uniform(0, 2 * np.pi)
    level = np.cos(np.deg2rad(height))
    up = np.sin(np.deg2rad(height))
    return float(level * np.cos(around)), float(up), float(level * np.sin(around))


def _tint(warmth: float) -> tuple[float, float, float]:
    """Return a light of mean 1, yellowish for positive `warmth`, bluish for negative."""
    return 1 + warmth, 1 + 0.1 * warmth, 1 - 1.1 * warmth


def _exposure(rng: np.random.Generator, light: float) -> float:
    """Choose the exposure of a camera that meters well, most of the time."""
    return float(1.05 / light * 2 ** np.clip(rng.normal(0, 0.25), -0.6, 0.6))
