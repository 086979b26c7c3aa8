"""Everything that makes one person: body, skin, hair and clothes, and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.synthetic.people.phenotype import Phenotype, age_from_years

Colour = tuple[float, float, float]
"""sRGB, 0..1."""

Sex = Literal["female", "male"]
Top = Literal["t-shirt", "shirt", "sweater", "tank", "coat"]
Bottom = Literal["trousers", "wide_trousers", "leggings", "shorts", "skirt"]
Footwear = Literal["trainers", "boots", "socks", "barefoot"]
Hair = Literal["bald", "cropped", "short", "bob", "long"]
Pattern = Literal["plain", "stripes", "checks", "melange", "denim", "dots", "camouflage"]

PATTERNS: tuple[Pattern, ...] = (
    "plain",
    "stripes",
    "checks",
    "melange",
    "denim",
    "dots",
    "camouflage",
)
_PATTERN_SHARES = (0.36, 0.14, 0.1, 0.2, 0.06, 0.06, 0.08)


@dataclass(frozen=True)
class Cloth:
    """What a garment is made of.

    Parameters
    ----------
    colour, second : (red, green, blue)
        Of the cloth and of its pattern.
    pattern : str
        One of :data:`PATTERNS`.
    scale : float
        Size of the pattern's repeat, metres.
    """

    colour: Colour = (0.25, 0.3, 0.4)
    second: Colour = (0.8, 0.8, 0.8)
    pattern: Pattern = "plain"
    scale: float = 0.08

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Cloth:
        """Draw a cloth: half of them dark or grey, as in the street."""
        pattern = PATTERNS[int(rng.choice(len(PATTERNS), p=_PATTERN_SHARES))]
        return cls(_colour(rng), _colour(rng), pattern, float(rng.uniform(0.02, 0.14)))


@dataclass(frozen=True)
class Outfit:
    """Garments of our own making, and when those of a wardrobe are worn instead.

    Parameters
    ----------
    top, bottom, shoes : str
    top_cloth, bottom_cloth, shoe_cloth : Cloth
    looseness : float
        0 skin-tight .. 1 baggy.
    top_length, bottom_length : float
        Hem of top, and of shorts and skirt, on a scale of its own kind, 0 short .. 1 long.
    from_wardrobe : bool
        Wear a suit and shoes of the wardrobe, where one is given and fits.
    pick : float
        Which of them, 0..1.
    tint : (red, green, blue)
        Multiplies the textures of the wardrobe.
    hat : bool
        Wear a hat of the wardrobe, if it has one.
    """

    top: Top = "t-shirt"
    bottom: Bottom = "trousers"
    shoes: Footwear = "trainers"
    top_cloth: Cloth = Cloth()
    bottom_cloth: Cloth = Cloth()
    shoe_cloth: Cloth = Cloth()
    looseness: float = 0.4
    top_length: float = 0.5
    bottom_length: float = 0.5
    from_wardrobe: bool = True
    pick: float = 0.5
    tint: Colour = (1.0, 1.0, 1.0)
    hat: bool = False

    @classmethod
    def draw(cls, rng: np.random.Generator, sex: Sex) -> Outfit:
        """Draw an outfit for a sex."""
        tops: tuple[Top, ...] = ("t-shirt", "shirt", "sweater", "tank", "coat")
        bottoms: tuple[Bottom, ...] = (
            "trousers", "wide_trousers", "leggings", "shorts", "skirt",
        )  # fmt: skip
        shares = (0.36, 0.2, 0.16, 0.13, 0.15) if sex == "female" else (0.5, 0.24, 0.06, 0.2, 0.0)
        shoes: tuple[Footwear, ...] = ("trainers", "boots", "socks", "barefoot")
        tinted = rng.random() < 0.6
        return cls(
            top=tops[int(rng.choice(5, p=(0.32, 0.22, 0.2, 0.08, 0.18)))],
            bottom=bottoms[int(rng.choice(5, p=shares))],
            shoes=shoes[int(rng.choice(4, p=(0.72, 0.14, 0.07, 0.07)))],
            top_cloth=Cloth.draw(rng),
            bottom_cloth=Cloth.draw(rng),
            shoe_cloth=Cloth.draw(rng),
            looseness=float(rng.beta(1.6, 1.8)),
            top_length=float(rng.random()),
            bottom_length=float(rng.random()),
            from_wardrobe=bool(rng.random() < 0.5),
            pick=float(rng.random()),
            tint=_tint(rng) if tinted else (1.0, 1.0, 1.0),
            hat=bool(rng.random() < 0.06),
        )


@dataclass(frozen=True)
class PersonSettings:
    """One person. Everything is a number or a word, so that a seed can give it again.

    Parameters
    ----------
    sex : {"female", "male"}
    years : float
        Age, 3 to 95.
    height : float
        Metres, sole to crown without shoes, 0.95 to 2.05.
    weight, muscle, proportions, cupsize, firmness : float
        Of the body's shape, 0..1 with 0.5 as the average.
    ancestry : (african, asian, caucasian)
        Shares of the face's and body's shape.
    skin : (red, green, blue)
        sRGB of the skin where no texture of a wardrobe is used.
    hair : str
    hair_colour : (red, green, blue)
    outfit : Outfit
    seed : int
        Of threads, spots and creases in what is painted.
    """

    sex: Sex = "male"
    years: float = 35.0
    height: float = 1.75
    weight: float = 0.5
    muscle: float = 0.5
    proportions: float = 0.5
    cupsize: float = 0.5
    firmness: float = 0.5
    ancestry: tuple[float, float, float] = (1 / 3, 1 / 3, 1 / 3)
    skin: Colour = (0.78, 0.58, 0.47)
    hair: Hair = "short"
    hair_colour: Colour = (0.2, 0.14, 0.1)
    outfit: Outfit = Outfit()
    seed: int = 0

    def __post_init__(self) -> None:
        if not 3 <= self.years <= 95:
            raise BadSettings(f"an age of {self.years:g} years is outside 3..95", where="person")
        if not 0.95 <= self.height <= 2.05:
            raise BadSettings(
                f"a height of {self.height:g} m is outside 0.95..2.05", where="person"
            )
        for name in ("weight", "muscle", "proportions", "cupsize", "firmness"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadSettings(f"{name} must be 0..1", where="person")
        if min(self.ancestry) < 0 or sum(self.ancestry) <= 0:
            raise BadSettings("shares of ancestry must be positive", where="person")

    @property
    def phenotype(self) -> Phenotype:
        """What shapes the body."""
        return Phenotype(
            age=age_from_years(self.years),
            gender=float(self.sex == "female"),
            muscle=self.muscle,
            weight=self.weight,
            proportions=self.proportions,
            cupsize=self.cupsize,
            firmness=self.firmness,
            ancestry=self.ancestry,
        )

    @classmethod
    def draw(cls, rng: np.random.Generator, *, children: float = 0.12) -> PersonSettings:
        """Draw a person.

        Parameters
        ----------
        rng : numpy.random.Generator
        children : float
            Share of those under 16 years.
        """
        sex: Sex = "female" if rng.random() < 0.5 else "male"
        years = float(rng.uniform(5, 16) if rng.random() < children else rng.uniform(16, 88))
        ancestry = rng.dirichlet((0.5, 0.5, 0.5)) + 1e-3
        hairs: tuple[Hair, ...] = ("bald", "cropped", "short", "bob", "long")
        shares = (
            (0.02, 0.06, 0.22, 0.35, 0.35) if sex == "female" else (0.14, 0.34, 0.44, 0.05, 0.03)
        )
        return cls(
            sex=sex,
            years=years,
            height=_height(rng, sex, years),
            weight=float(np.clip(rng.normal(0.52, 0.2), 0.05, 0.98)),
            muscle=float(rng.beta(3, 3)),
            proportions=float(rng.beta(2, 2)),
            cupsize=float(rng.beta(2, 2)),
            firmness=float(rng.beta(2, 2)),
            ancestry=(float(ancestry[0]), float(ancestry[1]), float(ancestry[2])),
            skin=_skin(rng, ancestry),
            hair=hairs[int(rng.choice(5, p=shares))],
            hair_colour=_hair_colour(rng, years, ancestry),
            outfit=Outfit.draw(rng, sex),
            seed=int(rng.integers(2**31)),
        )


def _height(rng: np.random.Generator, sex: Sex, years: float) -> float:
    """Height of someone of that age, metres (WHO growth reference to 18 years, then shrinking)."""
    table = (1.10, 1.27, 1.43, 1.60, 1.65) if sex == "female" else (1.10, 1.28, 1.43, 1.66, 1.78)
    mean = float(np.interp(years, (5, 8, 11, 14.5, 18), table))
    mean -= 0.0008 * max(years - 40, 0)
    return float(np.clip(rng.normal(mean, 0.042 * mean), 1.0, 1.95))


_SKIN_TONES = np.array([[0.36, 0.24, 0.18], [0.80, 0.63, 0.50], [0.87, 0.69, 0.60]])
"""Mean sRGB of african, asian and caucasian skin."""


def _skin(rng: np.random.Generator, ancestry: np.ndarray) -> Colour:
    tone = (ancestry / ancestry.sum()) @ _SKIN_TONES
    tone = tone * rng.uniform(0.8, 1.12) * rng.normal(1, 0.025, 3)
    return _rgb(np.clip(tone, 0.12, 0.97))


def _hair_colour(rng: np.random.Generator, years: float, ancestry: np.ndarray) -> Colour:
    if rng.random() < np.interp(years, (35, 80), (0.0, 0.9)):
        return _rgb(np.full(3, rng.uniform(0.45, 0.85)) + np.array([0.02, 0.0, -0.02]))
    light = rng.random() * ancestry[2] / ancestry.sum()
    dark, blond = np.array([0.09, 0.065, 0.05]), np.array([0.72, 0.55, 0.33])
    return _rgb(dark + light**1.5 * (blond - dark))


def _colour(rng: np.random.Generator) -> Colour:
    value = rng.beta(1.3, 1.6)
    saturation = rng.random() ** 2.2
    hue = rng.random(3)
    hue = (hue - hue.min()) / max(float(np.ptp(hue)), 1e-6)
    return _rgb(np.clip(value * (1 - saturation + saturation * hue) + 0.03, 0.02, 0.95))


def _tint(rng: np.random.Generator) -> Colour:
    return _rgb(np.clip(0.45 + 0.55 * rng.random(3) ** 0.7, 0, 1))


def _rgb(values: np.ndarray) -> Colour:
    return float(values[0]), float(values[1]), float(values[2])
