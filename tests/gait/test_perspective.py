from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.passes import Stretch
from gaitpose.gait.perspective import (
    Pace,
    PerspectiveSettings,
    far_leg_lead,
    find_growth,
    fit_trend,
    rectified,
    relative_sizes,
    stride_period,
)
from gaitpose.gait.sagittal import SagittalSettings
from gaitpose.gait.seen import Seen, look
from gaitpose.subject import Subject
from gaitpose.synthetic.camera import PinholeCamera

from .seen_walks import seen, walked

SETTINGS = PerspectiveSettings()


def looked(**changes: object) -> tuple[Seen, Stretch]:
    poses = seen({"fps": 50}, **changes)
    stages = SagittalSettings()
    person = look(poses, Subject(), stages.cleaning, stages.vertical, stages.scale, 1.0)
    heading = 1.0 if changes.get("side", "right") == "right" else -1.0
    return person, Stretch(0, len(person.time), np.array([heading]))


@pytest.mark.parametrize("fps", [25, 60])
@pytest.mark.parametrize("speed", [0.7, 1.3, 1.6])
def test_stride_period(fps: float, speed: float) -> None:
    walk = walked(fps=fps, speed=speed)
    apart = (walk.point("left_ankle") - walk.point("right_ankle"))[:, 0]
    assert stride_period(apart, fps, SETTINGS) == pytest.approx(walk.settings.stride_time, rel=0.01)


def test_a_standing_person_has_no_stride() -> None:
    assert stride_period(np.full(200, 0.1), 50, SETTINGS) is None
    assert stride_period(np.full(200, np.nan), 50, SETTINGS) is None


def test_a_trend_is_told_from_the_stride() -> None:
    time = np.arange(150) / 50
    along = 400 * time
    values = (
        0.02 * along + 90 * np.sin(2 * np.pi * time / 1.1) + 20 * np.cos(4 * np.pi * time / 1.1)
    )
    noisy = values + np.random.default_rng(0).normal(0, 2, 150)
    trend = fit_trend(noisy, Pace(time, along, 1.1), SETTINGS)
    assert trend is not None
    assert trend.slope == pytest.approx(0.02, abs=3 * trend.error)
    assert 0.0 < trend.error < 0.01


@pytest.mark.parametrize("strides", [2.5, 5.0, 8.0])
def test_the_error_of_a_trend_is_that_of_errors_that_last_half_a_stride(strides: float) -> None:
    rng = np.random.default_rng(0)
    period, frames = 1.1, round(strides * 1.1 * 30)
    time = np.arange(frames) / 30
    along = 300 * time
    movement = 90 * np.sin(2 * np.pi * time / period)
    width = round(0.5 * period * 30)
    found = []
    for _ in range(300):
        white = rng.normal(0, 2, frames + width - 1)
        lasting = np.convolve(white, np.ones(width) / np.sqrt(width), "valid")
        trend = fit_trend(movement + lasting, Pace(time, along, period), SETTINGS)
        assert trend is not None
        found.append((trend.slope, trend.error))
    slopes, errors = np.array(found).T
    assert np.median(errors) == pytest.approx(slopes.std(), rel=0.15)
    assert (np.abs(slopes) > SETTINGS.significance * errors).mean() < 0.04


@pytest.mark.parametrize("yaw", [-8.0, -3.0, 5.0])
def test_obliqueness_is_found_and_undone(yaw: float) -> None:
    person, walk = looked(yaw=yaw, distance=6.0)
    assert person.centre is not None
    growth = find_growth(person.position - person.centre, person, walk, 50, SETTINGS)
    assert np.degrees(np.arctan(growth * person.focal)) == pytest.approx(-yaw, abs=1.2)
    straight = rectified(person.position, growth, person.centre, person.focal)
    rest = find_growth(straight - person.centre, person, walk, 50, SETTINGS)
    assert abs(rest) < 0.2 * abs(growth)


def test_rectification_undoes_an_oblique_plane_exactly() -> None:
    angle, focal, depth = np.radians(12.0), 900.0, 4.0
    plane = np.random.default_rng(0).uniform(-1, 1, (30, 1, 2))
    along, height = plane[..., 0], plane[..., 1]
    away = depth - along * np.sin(angle)
    centre = np.array([300.0, -200.0])
    picture = focal * np.stack([along * np.cos(angle) / away, height / away], axis=-1) + centre
    growth = np.tan(angle) / focal
    np.testing.assert_allclose(
        rectified(picture, growth, centre, focal) - centre, focal / depth * plane, rtol=1e-9
    )


def test_a_straight_walk_does_not_grow() -> None:
    person, walk = looked()
    assert person.centre is not None
    growth = find_growth(person.position - person.centre, person, walk, 50, SETTINGS)
    assert abs(growth * person.focal) < 1e-9


def test_a_growth_seen_unsurely_is_believed_in_part() -> None:
    """Of all oblique walks, seen by a noisy estimator, neither none nor all of what it sees."""
    rng = np.random.default_rng(0)
    believing = PerspectiveSettings(usual_yaw_deg=44.0)
    errors = []
    for _ in range(30):
        yaw = rng.normal(0, SETTINGS.usual_yaw_deg)
        person, walk = looked(yaw=yaw, distance=6.0)
        assert person.centre is not None
        position = person.position - person.centre
        # An estimator that errs for half a second: the legs' lengths drift.
        drift = np.repeat(rng.normal(0, 0.05, (len(position) // 25 + 1, 1, 2)), 25, axis=0)
        unsure = position * (1 + drift[: len(position)])
        some, every = (
            np.degrees(np.arctan(find_growth(unsure, person, walk, 50, settings) * person.focal))
            for settings in (SETTINGS, believing)
        )
        errors.append((some + yaw, every + yaw, yaw))
    shrunk, plain, none = np.sqrt(np.mean(np.square(errors), axis=0))
    assert shrunk < 0.9 * plain
    assert shrunk < 0.9 * none


def test_more_than_the_largest_yaw_is_not_believed() -> None:
    person, walk = looked(yaw=8.0, distance=6.0)
    assert person.centre is not None
    small = PerspectiveSettings(largest_yaw_deg=6.0)
    assert find_growth(person.position - person.centre, person, walk, 50, small) == 0.0


@pytest.mark.parametrize("yaw", [-9.0, 14.0])
def test_the_far_leg_leads_where_the_walk_is_oblique(yaw: float) -> None:
    angle, focal, depth, apart = np.radians(yaw), 900.0, 4.0, 0.09
    along = np.random.default_rng(0).uniform(-1, 1, 30)
    x = along * np.cos(angle) + apart * np.sin(angle)
    z = depth - along * np.sin(angle) + apart * np.cos(angle)
    growth = np.tan(angle) / focal
    picture = focal * np.stack([x / z, 0 * x], axis=-1)
    parallel = rectified(picture, growth, np.zeros(2), focal)[:, 0]
    sized = parallel * (1 + apart / depth / np.cos(angle))
    leg = 0.9 * focal / depth
    lead = far_leg_lead(growth, focal, leg, PerspectiveSettings(step_width=apart / 0.9))
    np.testing.assert_allclose(sized - lead, focal / depth * along, atol=1e-9)


@pytest.mark.parametrize("side", ["right", "left"])
def test_sizes_are_those_of_the_depths(side: str) -> None:
    person, walk = looked(side=side)
    sizes = relative_sizes(person.position, person, walk, "overground", 50, SETTINGS)
    world = walked(fps=50)
    depth = PinholeCamera(side=side).depth(world.position).mean(axis=0)  # type: ignore[arg-type]
    expected = depth / depth[person.names.index(f"{side}_hip")]
    np.testing.assert_allclose(sizes, expected, atol=0.004)


def test_sizes_do_not_need_the_pictures_size() -> None:
    person, walk = looked()
    blind = Seen(**{**vars(person), "centre": None})
    sizes, same = (
        relative_sizes(person.position, each, walk, "overground", 50, SETTINGS)
        for each in (person, blind)
    )
    assert sizes[person.names.index("left_hip")] == pytest.approx(1.043, abs=0.003)
    np.testing.assert_array_equal(sizes, same)


def test_it_can_be_switched_off() -> None:
    person, walk = looked()
    off = PerspectiveSettings(enabled=False)
    assert (relative_sizes(person.position, person, walk, "overground", 50, off) == 1).all()
