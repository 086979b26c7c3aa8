"""Who is taken for the subject when one person passes by and something else moves on the spot."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.pose import walkers
from gaitpose.pose.candidates import Candidate, Look
from gaitpose.pose.estimator import Box
from gaitpose.pose.gathering import gather_on_the_spot
from gaitpose.pose.tracks import Track, View, find_tracks
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


@pytest.mark.parametrize(
    ("foot_at", "height", "sure", "is_on_the_spot"),
    [
        ((255, 165), 12, 0.5, True),  # a foot of the one on the spot
        ((20, 165), 12, 0.5, False),  # as small, but elsewhere
        ((255, 165), 40, 0.5, False),  # too large for a foot
        ((255, 165), 12, 0.95, False),  # surer than the one on the spot
    ],
)
def test_a_foot_of_one_on_the_spot_is_nobody_who_passes(
    monkeypatch, foot_at, height, sure, is_on_the_spot
):
    x, y = foot_at
    foot = Track(
        times=[0.0, 1.0],
        boxes=[Box(x + d, y - height / 2, x + d + 8, y + height / 2) for d in (-20, 20)],
        places=[np.array([x - 20, y]), np.array([x + 20, y])],
        views=[],
    )
    spot = Box(240, 80, 280, 172)
    person = Track(
        times=[0.0, 1.0, 4.0],
        boxes=[spot] * 3,
        places=[np.array(spot.centre)] * 3,
        views=[View(0.0, b"", (0.0, 0.0), (1, 1), spot)],
    )

    def examine(track, _estimator, *, stays=False):
        confidence = 0.9 if stays else sure
        looks = (Look(track.times[0], confidence, 0.0, 0.0, 1.0),)
        return Candidate(track, confidence, looks, np.zeros((3, 3)), is_legs_only=False)

    monkeypatch.setattr(walkers, "examine", examine)
    monkeypatch.setattr(walkers, "stays", lambda track: track is person)
    monkeypatch.setattr(walkers, "_while_alone", lambda track, _: track)
    monkeypatch.setattr(walkers, "legs_swing", lambda *_: True)
    search = find_walker([foot, person], None, lambda _: [], WalkerSettings(pace=0.01))
    assert search.walker.is_on_the_spot is is_on_the_spot
