from __future__ import annotations

import numpy as np
import pytest

from gaitpose.pose.gathering import gather_on_the_spot
from gaitpose.pose.tracks import find_tracks

from .test_tracks import samples


def leg(middle: float, swing: float):
    return (lambda t: (middle + swing * np.sin(2 * np.pi * t), 120), 14, 60)


def test_two_swinging_legs_become_one_and_a_traveller_stays_himself():
    traveller = (lambda t: (20 + 70 * t, 45), 12, 50)
    tracks = find_tracks(samples(leg(145, 6), leg(175, -6), traveller))
    travelling, on_the_spot = gather_on_the_spot(tracks, views_kept=6)
    assert travelling.travel > 200
    assert on_the_spot.boxes[0] == pytest.approx((132, 90, 188, 150), abs=4)
    assert len(set(on_the_spot.boxes)) == 1
    assert 2 <= len(on_the_spot.views) <= 6


def test_two_places_stay_two():
    tracks = find_tracks(samples(leg(60, 5), leg(260, 5)))
    assert len(gather_on_the_spot(tracks, views_kept=6)) == 2
