"""What an exoskeleton looks like: one frozen object, which a seed can draw."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.skeleton import SIDES, Side

Colour = tuple[float, float, float]
"""sRGB, 0..1."""

LinkStyle = Literal["plate", "tube", "twin"]

LOOKS: tuple[str, ...] = ("clinic", "carbon", "tubular", "rugged", "hip")


@dataclass(frozen=True)
class Actuator:
    """A motor about a joint's axis: a disc on the outside of the leg.

    Parameters
    ----------
    radius, thickness : float
        Metres.
    gearbox : float
        Length of the motor that lies along the link, metres; 0 for none.
    """

    radius: float
    thickness: float
    gearbox: float = 0.0


@dataclass(frozen=True)
class Colours:
    """Of the parts of the machine."""

    shell: Colour = (0.88, 0.88, 0.86)
    frame: Colour = (0.55, 0.56, 0.58)
    accent: Colour = (0.10, 0.45, 0.70)
    strap: Colour = (0.06, 0.06, 0.07)
    plate: Colour = (0.12, 0.12, 0.13)


@dataclass(frozen=True)
class ExoskeletonSettings:
    """All that defines one exoskeleton. Lengths in metres; sizes are for a leg of 0.86 m.

    Each leg has five degrees of freedom: one driven and two free ones at the hip, a driven knee, a
    free ankle (GaitPoseNet article, Fig. 8). It is fitted to who wears it.

    Parameters
    ----------
    look : str
        Which of :data:`LOOKS` it was drawn from.
    hip, knee : Actuator
    ankle_radius : float
        Of the free ankle joint.
    link_style : {"plate", "tube", "twin"}
    link_width, link_thickness : float
        Of a plate; tubes are as thick as `link_thickness` is for a plate, times 1.8.
    waist : float
        Half width of a plate in its middle over that at its ends.
    clearance : float
        Between the leg and what is beside it.
    thigh_cuffs, shank_cuffs : tuple of float
        Places along the segment as shares of its length, from the top.
    cuff_side : {"front", "back"}
        Where their stiff shells lie.
    cuff_width, strap_width : float
    box : (width, height, depth)
        Of the box on the back.
    belt_width : float
    legs : tuple of {"left", "right"}
        Those it is worn on; seldom one alone.
    has_lower_leg : bool
        Without, it ends above the knee and only the hip is driven.
    has_cables : bool
    colours : Colours
    metallic : float
        Of the frame, 0..1.
    badge : int
        Seed of the pictures on box and motors.
    """

    look: str = "clinic"
    hip: Actuator = Actuator(0.058, 0.042, 0.11)
    knee: Actuator = Actuator(0.050, 0.036, 0.10)
    ankle_radius: float = 0.024
    link_style: LinkStyle = "plate"
    link_width: float = 0.050
    link_thickness: float = 0.010
    waist: float = 0.75
    clearance: float = 0.014
    thigh_cuffs: tuple[float, ...] = (0.36, 0.74)
    shank_cuffs: tuple[float, ...] = (0.30, 0.68)
    cuff_side: Literal["front", "back"] = "front"
    cuff_width: float = 0.075
    strap_width: float = 0.042
    box: tuple[float, float, float] = (0.30, 0.36, 0.12)
    belt_width: float = 0.075
    legs: tuple[Side, ...] = SIDES
    has_lower_leg: bool = True
    has_cables: bool = True
    colours: Colours = field(default_factory=Colours)
    metallic: float = 0.6
    badge: int = 0

    def __post_init__(self) -> None:
        shares = self.thigh_cuffs + self.shank_cuffs
        if any(not 0.25 <= share <= 0.9 for share in shares):
            raise BadSettings("cuffs lie between 0.25 and 0.9 of the segment", where="exoskeleton")
        if not self.legs or not set(self.legs) <= set(SIDES):
            raise BadSettings(f"legs are left, right or both, not {self.legs}", where="exoskeleton")
        if not (self.hip.radius > 0 and self.knee.radius > 0 and self.clearance >= 0):
            raise BadSettings("radii must be positive", where="exoskeleton")

    @classmethod
    def draw(cls, rng: np.random.Generator, look: str | None = None) -> ExoskeletonSettings:
        """Draw one of many.

        Parameters
        ----------
        rng : numpy.random.Generator
        look : str, optional
            One of :data:`LOOKS`; drawn by default.
        """
        look = look or str(rng.choice(LOOKS, p=(0.35, 0.2, 0.2, 0.15, 0.1)))
        if look not in _BASES:
            raise BadSettings(f"there is no look {look!r}", where="exoskeleton")
        base = _BASES[look]
        size = rng.uniform(0.85, 1.15, 6)
        width, height, depth = base.box
        return replace(
            base,
            hip=_scaled(base.hip, size[0]),
            knee=_scaled(base.knee, size[1]),
            link_width=base.link_width * size[2],
            waist=float(rng.uniform(0.55, 1.0)),
            clearance=float(rng.uniform(0.010, 0.020)),
            thigh_cuffs=_moved(rng, base.thigh_cuffs),
            shank_cuffs=_moved(rng, base.shank_cuffs),
            cuff_side="front" if rng.random() < 0.6 else "back",
            cuff_width=base.cuff_width * size[3],
            strap_width=base.strap_width * size[4],
            box=(width * size[5], height * size[3], depth * size[4]),
            legs=(SIDES, SIDES[:1], SIDES[1:])[rng.choice(3, p=(0.92, 0.04, 0.04))],
            has_cables=bool(rng.random() < 0.75),
            colours=_draw_colours(rng, look),
            metallic=float(rng.uniform(0.2, 0.9)),
            badge=int(rng.integers(2**31)),
        )


_BASES: dict[str, ExoskeletonSettings] = {
    "clinic": ExoskeletonSettings(),
    "carbon": ExoskeletonSettings(
        look="carbon",
        hip=Actuator(0.044, 0.026),
        knee=Actuator(0.040, 0.024),
        ankle_radius=0.018,
        link_width=0.034,
        link_thickness=0.006,
        shank_cuffs=(0.34,),
        cuff_width=0.055,
        strap_width=0.030,
        box=(0.22, 0.26, 0.07),
        belt_width=0.055,
    ),
    "tubular": ExoskeletonSettings(
        look="tubular",
        hip=Actuator(0.050, 0.036, 0.16),
        knee=Actuator(0.044, 0.030, 0.16),
        link_style="tube",
        link_width=0.040,
        link_thickness=0.013,
        box=(0.34, 0.40, 0.14),
    ),
    "rugged": ExoskeletonSettings(
        look="rugged",
        hip=Actuator(0.062, 0.034),
        knee=Actuator(0.056, 0.030),
        ankle_radius=0.030,
        link_style="twin",
        link_width=0.054,
        link_thickness=0.009,
        thigh_cuffs=(0.52,),
        shank_cuffs=(0.45,),
        cuff_width=0.11,
        strap_width=0.050,
        box=(0.36, 0.30, 0.10),
        belt_width=0.09,
    ),
    "hip": ExoskeletonSettings(
        look="hip",
        hip=Actuator(0.060, 0.030),
        link_width=0.036,
        link_thickness=0.007,
        thigh_cuffs=(0.68,),
        shank_cuffs=(),
        cuff_width=0.09,
        box=(0.24, 0.16, 0.06),
        belt_width=0.065,
        has_lower_leg=False,
    ),
}


def _scaled(actuator: Actuator, by: float) -> Actuator:
    return Actuator(actuator.radius * by, actuator.thickness * by, actuator.gearbox * by)


def _moved(rng: np.random.Generator, shares: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(float(share + rng.uniform(-0.03, 0.03)) for share in shares)


def _draw_colours(rng: np.random.Generator, look: str) -> Colours:
    """Shells mostly white, grey or black; one accent; dark straps, seldom coloured ones."""
    accent = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.5, 1.0), rng.uniform(0.4, 0.95))
    bright, mid, dark = (_grey(rng, *span) for span in ((0.75, 0.95), (0.35, 0.6), (0.04, 0.15)))
    likely = {"carbon": (0.15, 0.15, 0.6, 0.1), "rugged": (0.15, 0.2, 0.25, 0.4)}
    shells = (bright, mid, dark, accent)
    shell = shells[rng.choice(4, p=likely.get(look, (0.5, 0.2, 0.2, 0.1)))]
    frame = (mid, dark, bright)[rng.choice(3, p=(0.5, 0.35, 0.15))]
    strap_hue = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.3, 0.9), rng.uniform(0.15, 0.6))
    strap = strap_hue if rng.random() < 0.25 else _grey(rng, 0.03, 0.2)
    return Colours(shell, frame, accent, strap, _grey(rng, 0.05, 0.5))


def _grey(rng: np.random.Generator, low: float, high: float) -> Colour:
    """Nearly grey: real paints are a little warm or cold."""
    level, warm = rng.uniform(low, high), rng.normal(0.0, 0.015)
    red, green, blue = np.clip((level + warm, level, level - warm), 0, 1).tolist()
    return red, green, blue
