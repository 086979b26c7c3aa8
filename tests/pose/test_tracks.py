from __future__ import annotations

import numpy as np
import pytest

from gaitpose.pose.motion import Sample
from gaitpose.pose.tracks import TrackSettings, find_regions, find_tracks

ROWS, COLUMNS = 180, 320


def blank() -> np.ndarray:
    return np.zeros((ROWS, COLUMNS), bool)


def block(moving: np.ndarray, x: float, y: float, width: float, height: float) -> None:
    x0, y0 = max(0, round(x - width / 2)), max(0, round(y - height / 2))
    moving[y0 : max(0, round(y + height / 2)), x0 : max(0, round(x + width / 2))] = True


def samples(*things, seconds: float = 4.0, camera=lambda t: (0.0, 0.0)):
    """Ten samples a second; a thing is (t -> (x, y), width, height)."""
    for index in range(round(seconds * 10)):
        t = index / 10
        dx, dy = camera(t)
        moving = blank()
        for place, width, height in things:
            if (at := place(t)) is not None:
                block(moving, at[0] - dx, at[1] - dy, width, height)
        back = np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1.0]])
        yield Sample(index, t, np.zeros((ROWS, COLUMNS, 3), np.uint8), moving, back)


def test_head_trunk_and_legs_are_one_figure():
    moving = blank()
    block(moving, 100, 40, 10, 10)
    block(moving, 100, 68, 16, 40)
    block(moving, 100, 120, 14, 58)
    (figure,) = find_regions(moving, TrackSettings())
    assert figure.box.y0 == 35
    assert figure.box.y1 == 149


def test_a_shadow_on_the_floor_is_cut_off():
    moving = blank()
    block(moving, 100, 80, 20, 100)
    block(moving, 150, 126, 120, 10)
    (figure,) = find_regions(moving, TrackSettings())
    assert figure.centroid[0] == pytest.approx(100, abs=3)
    assert figure.box.width < 40


def test_two_figures_tied_by_a_reflection_are_two():
    moving = blank()
    block(moving, 80, 80, 24, 100)
    block(moving, 200, 90, 20, 80)
    block(moving, 140, 126, 140, 8)
    figures = find_regions(moving, TrackSettings())
    assert sorted(round(figure.centroid[0], -1) for figure in figures) == [80, 200]


def test_a_flash_is_passed_over():
    assert find_regions(~blank(), TrackSettings()) == []


def test_travel_is_measured_in_the_scene_not_in_the_picture():
    walker = (lambda t: (40 + 60 * t, 90), 20, 80)
    following = list(samples(walker, camera=lambda t: (60 * t, 0.0)))
    (track,) = find_tracks(following)
    assert np.ptp([box.x0 for box in track.boxes]) < 3
    assert track.travel == pytest.approx(60 * 3.9 * 0.9, rel=0.05)


def test_two_who_cross_keep_their_tracks():
    right = (lambda t: (40 + 60 * t, 90), 20, 80)
    left = (lambda t: (280 - 60 * t, 100), 20, 90)
    tracks = [track for track in find_tracks(samples(right, left)) if track.travel > 100]
    assert len(tracks) == 2
    for track in tracks:
        x = np.array([place[0] for place in track.places])
        direction = np.sign(x[-1] - x[0])
        assert (direction * np.diff(x) > -12).all()
        assert track.travel > 180


def test_a_walker_behind_a_post_is_one_track():
    walker = (lambda t: None if 1.5 < t < 2.0 else (40 + 60 * t, 90), 20, 80)
    tracks = [track for track in find_tracks(samples(walker)) if track.travel > 50]
    assert len(tracks) == 1


def test_who_leaves_and_comes_back_has_two_tracks():
    def place(t: float):
        return (250 + 60 * t, 90) if t < 1.2 else None if t < 3 else (325 - 60 * (t - 3), 90)

    assert len(find_tracks(samples((place, 20, 80), seconds=5))) == 2


def test_few_pictures_are_kept_of_a_long_track():
    settings = TrackSettings()
    walker = (lambda t: (40 + 4 * t, 90), 20, 80)
    (track,) = find_tracks(samples(walker, seconds=50), settings)
    assert len(track.times) == 500
    assert settings.views_kept / 2 <= len(track.views) <= settings.views_kept
    gaps = np.diff([view.time_s for view in track.views])
    assert gaps.max() == pytest.approx(gaps.min())
    view = track.views[-1]
    assert view.box.x0 + view.origin[0] == pytest.approx(40 + 4 * view.time_s - 10, abs=2)
