"""Who is taken for the subject when one person passes by and something else moves on the spot."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.pose import walkers
from gaitpose.pose.candidates import Candidate, Look
from gaitpose.pose.gathering import gather_on_the_spot
from gaitpose.pose.tracks import find_tracks
from gaitpose.pose.walkers import WalkerSettings, find_walker

from .test_tracks import samples


@pytest.fixture
def tracks():
    """Someone passes by, 100 px in 4 s, and a pair of legs swings on one spot."""
    passing = (lambda t: (20 + 25 * t, 45), 12, 50)
    legs = [
        (lambda t, at=at, way=way: (at + way * np.sin(2 * np.pi * t), 140), 14, 70)
        for at, way in ((245, 6), (275, -6))
    ]
    return gather_on_the_spot(find_tracks(samples(passing, *legs)), views_kept=6)


@pytest.mark.parametrize(
    ("sure_of_the_one_on_the_spot", "pace", "is_on_the_spot"),
    [(0.9, 0.5, True), (0.75, 0.5, True), (0.6, 0.5, False), (0.9, 0.1, False)],
)
def test_one_on_the_spot_wins_only_if_as_sure_a_person_and_as_far_on_his_way(
    tracks, monkeypatch, sure_of_the_one_on_the_spot, pace, is_on_the_spot
):
    def examine(track, _estimator, *, stays=False):
        confidence = sure_of_the_one_on_the_spot if stays else 0.9
        looks = (Look(track.times[0], confidence, 0.0, 0.0, 1.0),)
        return Candidate(track, confidence, looks, np.zeros((3, 3)), is_legs_only=False)

    monkeypatch.setattr(walkers, "examine", examine)
    monkeypatch.setattr(walkers, "legs_swing", lambda *_: True)
    search = find_walker(tracks, None, lambda _: [], WalkerSettings(pace=pace))
    assert search.walker.is_on_the_spot is is_on_the_spot
    assert (search.walker.candidate.track.travel > 50) is not is_on_the_spot
