"""Drawn light is plausible, varied and repeatable."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic.rendering import Lighting


@pytest.mark.parametrize("indoor", [False, True])
def test_drawn_light_is_metered_and_varied(indoor: bool) -> None:
    rng = np.random.default_rng(0)
    drawn = [Lighting.draw(rng, indoor) for _ in range(300)]
    # White paper that lies on the floor, which gets more light than what stands upright; the
    # shoulder of the tone curve keeps what exceeds 1.
    levels = []
    for light in drawn:
        up = np.asarray(light.sun_direction)
        steep = up[1] / np.linalg.norm(up)
        levels.append(light.exposure * (light.sun_intensity * steep + light.sky_intensity))
    assert np.min(levels) > 0.5 and np.max(levels) < 2.4
    assert 1.0 < np.median(levels) < 1.5
    share = [light.sun_intensity / (light.sun_intensity + light.sky_intensity) for light in drawn]
    assert np.ptp(share) > 0.2
    around = [np.arctan2(light.sun_direction[2], light.sun_direction[0]) for light in drawn]
    assert np.histogram(around, 8, (-np.pi, np.pi))[0].min() > 15


def test_the_same_seed_draws_the_same_light() -> None:
    one, two = (Lighting.draw(np.random.default_rng(9), indoor=True) for _ in range(2))
    assert one == two
    assert one != Lighting.draw(np.random.default_rng(10), indoor=True)


def test_outdoor_shadows_are_harder_than_indoor_ones() -> None:
    rng = np.random.default_rng(0)
    spread = {
        indoor: np.median([Lighting.draw(rng, indoor).sun_spread for _ in range(200)])
        for indoor in (False, True)
    }
    assert spread[False] < 0.6 * spread[True]
