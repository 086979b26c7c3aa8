"""Bodies that several tests look at; built once."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic import PRESETS, Walk, walk
from gaitpose.synthetic.people import Outfit, Person, PersonSettings, PosedPerson, Posture

pytest.importorskip("anny", reason="bodies need gaitpose[synthetic]")


def someone(**changes: object) -> PersonSettings:
    """An adult in trainers, trousers and T-shirt, unless told otherwise."""
    return PersonSettings(**changes)


@pytest.fixture(scope="session")
def adult() -> Person:
    return Person(someone())


@pytest.fixture(scope="session")
def child() -> Person:
    outfit = Outfit(top="coat", bottom="skirt", shoes="boots")
    return Person(
        someone(sex="female", years=6.0, height=1.12, weight=0.7, hair="long", outfit=outfit)
    )


@pytest.fixture(scope="session")
def adults_walk(adult: Person) -> Walk:
    return walk(adult.walker_settings(PRESETS["healthy"](fps=12.5, strides=3)))


@pytest.fixture(scope="session")
def adult_posed(adult: Person, adults_walk: Walk) -> list[PosedPerson]:
    """Each sample of the adult's walk."""
    posture = Posture.draw(np.random.default_rng(1), hands="free")
    return [adult.pose(adults_walk, index, posture) for index in range(len(adults_walk.time))]
