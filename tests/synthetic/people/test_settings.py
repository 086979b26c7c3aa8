from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import BadSettings
from gaitpose.synthetic.people import PersonSettings, Posture
from gaitpose.synthetic.people.settings import PATTERNS


def drawn(count: int, seed: int = 0) -> list[PersonSettings]:
    rng = np.random.default_rng(seed)
    return [PersonSettings.draw(rng) for _ in range(count)]


def test_a_seed_gives_the_same_people() -> None:
    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(5, seed=1)


def test_people_are_varied() -> None:
    people = drawn(400)
    heights = np.array([one.height for one in people])
    assert heights.min() >= 1.0
    assert heights.max() <= 1.95
    assert 0.06 < np.mean([one.years < 16 for one in people]) < 0.19
    assert 0.4 < np.mean([one.sex == "female" for one in people]) < 0.6
    for kinds in (
        {one.hair for one in people},
        {one.outfit.top for one in people},
        {one.outfit.bottom for one in people},
    ):
        assert len(kinds) == 5
    assert {one.outfit.top_cloth.pattern for one in people} == set(PATTERNS)
    adults = [one for one in people if 20 < one.years < 60]
    men = np.mean([one.height for one in adults if one.sex == "male"])
    women = np.mean([one.height for one in adults if one.sex == "female"])
    assert men == pytest.approx(1.77, abs=0.03)
    assert women == pytest.approx(1.645, abs=0.03)


@pytest.mark.parametrize(
    "wrong", [{"years": 1.0}, {"height": 2.5}, {"weight": 1.2}, {"ancestry": (0.0, 0.0, 0.0)}]
)
def test_impossible_people_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadSettings, match="person"):
        PersonSettings(**wrong)


def test_hands_can_be_told() -> None:
    rng = np.random.default_rng(0)
    assert {Posture.draw(rng, hands="bars").hands for _ in range(5)} == {"bars"}
    free = np.mean([Posture.draw(rng).hands == "free" for _ in range(300)])
    assert free == pytest.approx(0.85, abs=0.06)
