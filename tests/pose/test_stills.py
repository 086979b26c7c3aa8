from __future__ import annotations

import numpy as np
import pytest

from gaitpose.pose.stills import person_at, person_in_stills

from .scenes import ColourEstimator, Scene, on_treadmill, stander


@pytest.mark.parametrize("height", [60, 90, 140])
@pytest.mark.parametrize("x", [60, 250])
def test_a_standing_person_is_found_anywhere(height, x):
    stills = Scene([stander(height, x, 95)], seconds=0.4).frames()
    found = person_in_stills(stills, ColourEstimator())
    assert found is not None
    assert len(found.times) == len(stills)
    middle = np.median(found.bodies, axis=0)
    assert middle[:2] == pytest.approx([x, 95], abs=0.15 * height)
    assert middle[2] == pytest.approx(height, rel=0.25)


def test_nobody():
    assert person_in_stills(Scene([], seconds=0.4).frames(), ColourEstimator()) is None
    assert person_in_stills([], ColourEstimator()) is None


def test_someone_who_is_there_for_a_moment_only():
    stills = Scene([], seconds=0.8).frames()
    stills[9:12] = Scene([stander(100, 150, 95)], seconds=0.8).frames()[9:12]
    assert person_in_stills(stills, ColourEstimator()) is None


def test_the_person_at_a_point():
    rgb = Scene([stander(90, 80, 95), stander(90, 240, 95)], seconds=0.1).frames()[0].rgb
    body = person_at(rgb, (240, 100), ColourEstimator())
    assert body is not None
    assert body.x == pytest.approx(240, abs=8)
    assert person_at(rgb, (160, 60), ColourEstimator()) is None


def test_a_walker_on_the_spot_is_found_in_any_phase():
    stills = Scene([on_treadmill(110, 160, 95)], seconds=2.0).frames()[::3]
    found = person_in_stills(stills, ColourEstimator())
    assert found is not None
    assert np.ptp(found.bodies[:, 0]) < 30
