"""Foot strikes and foot offs against the walker's truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitpose.gait.events import COLUMNS, find_events
from gaitpose.gait.motion import Pass
from gaitpose.gait.settings import EventSettings
from gaitpose.synthetic.presets import hemiparetic, slow
from gaitpose.synthetic.walker import walk

from .clean_walks import clean_motion, event_errors, simulated, true_events

SETTINGS = EventSettings()
KINDS = ("foot_strike", "foot_off")


@pytest.mark.parametrize("feet", [False, True], ids=["8 joints", "heel and toe"])
@pytest.mark.parametrize("fps", [25, 30, 60, 120, 240])
def test_noise_free_events_are_found_between_frames(fps: int, feet: bool) -> None:
    walked = simulated(fps)
    events = find_events(clean_motion(walked, feet=feet), SETTINGS)
    strikes, offs = (event_errors(events, walked, kind) * fps for kind in KINDS)
    assert np.abs(strikes).max() < 0.5
    assert np.abs(offs).max() < 1.0


@pytest.mark.parametrize("speed", [0.4, 0.8, 1.6])
def test_slow_and_fast_walkers(speed: float) -> None:
    walked = simulated(60, speed=speed)
    events = find_events(clean_motion(walked), SETTINGS)
    assert np.abs(event_errors(events, walked, "foot_strike")).max() * 60 < 0.5
    assert np.abs(event_errors(events, walked, "foot_off")).max() * 60 < 1.0


def test_a_small_child() -> None:
    walked = simulated(60, speed=0.9, thigh=0.19, shank=0.19, foot=0.13, ankle_height=0.04,
                       heel_behind_ankle=0.03, hip_width=0.10, cadence=165)  # fmt: skip
    events = find_events(clean_motion(walked), SETTINGS)
    assert np.abs(event_errors(events, walked, "foot_strike")).max() * 60 < 0.5


@pytest.mark.parametrize("fps", [30, 60])
def test_noise_of_an_image_estimator(fps: int) -> None:
    # 3 px at a leg of 300 px.
    errors = []
    for seed in range(4):
        walked = simulated(fps, strides=6)
        events = find_events(clean_motion(walked, noise=0.01, seed=seed), SETTINGS)
        errors.append(event_errors(events, walked, "foot_strike") * fps)
    within = np.abs(np.concatenate(errors)) < 1.0
    assert within.mean() >= 0.95


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_a_strike_just_after_the_start_is_found(fps: int) -> None:
    # The foot was farthest ahead before the first frame.
    walked = simulated(fps, strides=5)
    strikes = true_events(walked).query("kind == 'foot_strike'")
    for strike in strikes.iloc[:3].itertuples():
        start = int((strike.time_s - walked.time[0] - 0.03) * fps)
        motion = clean_motion(walked, passes=[Pass(start, len(walked.time), 1, None)])
        events = find_events(motion, SETTINGS)
        first = events[(events.side == strike.side) & (events.kind == "foot_strike")].iloc[0]
        assert abs(first.time_s - strike.time_s) < 0.035
        assert first.quality < 0.9 * events.quality.max()


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_a_strike_before_the_start_is_not(fps: int) -> None:
    walked = simulated(fps, strides=5)
    strikes = true_events(walked).query("kind == 'foot_strike'")
    for strike in strikes.iloc[:3].itertuples():
        for late in np.arange(0.03, 0.2, 0.02):
            start = round((strike.time_s + late - walked.time[0]) * fps)
            motion = clean_motion(walked, passes=[Pass(start, len(walked.time), 1, None)])
            same = find_events(motion, SETTINGS).query("kind == 'foot_strike'")
            assert same[same.side == strike.side].time_s.min() > strike.time_s + 0.9


def test_a_noisy_stance_that_is_too_short_does_not_begin_with_a_strike() -> None:
    def false(settings: EventSettings) -> int:
        count = 0
        for preset in (slow, hemiparetic):
            walked = walk(preset().model_copy(update={"fps": 50, "strides": 6}))
            strikes = true_events(walked).query("kind == 'foot_strike'").iloc[:3]
            for seed in range(6):
                for strike in strikes.itertuples():
                    start = round((strike.time_s + 0.2 - walked.time[0]) * 50)
                    passes = [Pass(start, len(walked.time), 1, None)]
                    motion = clean_motion(walked, noise=0.01, seed=seed, passes=passes)
                    found = find_events(motion, settings).query("kind == 'foot_strike'")
                    own = found[found.side == strike.side].time_s
                    count += int((own < strike.time_s + 0.6).any())
        return count

    assert false(SETTINGS) == 0
    assert false(EventSettings(stance_tolerance=0.49)) > 0


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_a_strike_just_before_the_end_is_found(fps: int) -> None:
    walked = simulated(fps, strides=5)
    strikes = true_events(walked).query("kind == 'foot_strike'")
    for strike in strikes.iloc[-3:].itertuples():
        stop = int((strike.time_s - walked.time[0]) * fps) + 2
        last = find_events(clean_motion(walked, passes=[Pass(0, stop, 1, None)]), SETTINGS).iloc[-1]
        assert (last.side, last.kind) == (strike.side, "foot_strike")
        assert abs(last.time_s - strike.time_s) < 0.02


@pytest.mark.parametrize(
    ("before_s", "seen"), [(0.12, "on the other foot"), (0.25, "at the edge of the picture")]
)
@pytest.mark.parametrize("fps", [25, 30, 60])
def test_a_foot_that_leaves_the_picture_before_it_strikes_does_not(
    fps: int, before_s: float, seen: str
) -> None:
    walked = simulated(fps, strides=5)
    strikes = true_events(walked).query("kind == 'foot_strike'")
    for strike in strikes.iloc[-3:].itertuples():
        leaves = int((strike.time_s - before_s - walked.time[0]) * fps)
        stop = leaves + round(0.2 * fps)
        motion = clean_motion(walked, passes=[Pass(0, stop, 1, None)])
        other = "left" if strike.side == "right" else "right"
        own = motion.points.sel(keypoints=f"{strike.side}_ankle").values
        instead = motion.points.sel(keypoints=f"{other}_ankle").values
        own[leaves:stop] = instead[leaves:stop] if seen == "on the other foot" else own[leaves]
        last = find_events(motion, SETTINGS).query("kind == 'foot_strike'").iloc[-1]
        assert last.time_s < strike.time_s - 0.3


def test_no_event_is_invented_and_order_holds() -> None:
    walked = simulated(60, strides=8)
    events = find_events(clean_motion(walked), SETTINGS)
    assert list(events.columns) == list(COLUMNS)
    true = true_events(walked)
    inside = events.time_s.between(true.time_s.min() - 0.02, true.time_s.max() + 0.02)
    assert inside.sum() == len(true)
    step = list(zip(events.side, events.kind, strict=True))
    cycle = [
        ("left", "foot_strike"),
        ("right", "foot_off"),
        ("right", "foot_strike"),
        ("left", "foot_off"),
    ]
    first = cycle.index(step[0])
    assert step == [cycle[(first + index) % 4] for index in range(len(step))]


def test_frame_is_the_nearest_frame_of_the_input() -> None:
    walked = simulated(50)
    every_second = np.arange(len(walked.time)) // 2
    events = find_events(clean_motion(walked, input_frame=every_second), SETTINGS)
    expected = every_second[np.round((events.time_s - walked.time[0]) * 50).astype(int)]
    np.testing.assert_array_equal(events.frame, expected)


@settings(max_examples=8, deadline=None)
@given(scale=st.floats(0.3, 500.0), shift=st.floats(-50.0, 50.0))
def test_neither_scale_nor_place_changes_events(scale: float, shift: float) -> None:
    walked = simulated(60, strides=3)
    motion = clean_motion(walked)
    moved = motion.points * scale + shift
    plain = find_events(motion, SETTINGS)
    other = find_events(clean_motion(walked, points=moved, unfiltered=moved), SETTINGS)
    pd.testing.assert_frame_equal(plain, other, atol=1e-6, rtol=0)


def test_a_later_start_moves_all_times() -> None:
    walked = simulated(60, strides=3)
    motion = clean_motion(walked)
    late = motion.points.assign_coords(time=motion.points.time + 12.5)
    plain, moved = (
        find_events(clean_motion(walked, points=points, unfiltered=points), SETTINGS)
        for points in (motion.points, late)
    )
    np.testing.assert_allclose(moved.time_s, plain.time_s + 12.5, atol=1e-9)
    np.testing.assert_array_equal(moved.frame, plain.frame)


def test_exchanged_legs_exchange_events() -> None:
    walked = simulated(60, strides=4, left_step_time_share=0.53)
    motion = clean_motion(walked)
    names = [str(name) for name in motion.points.keypoints.values]
    exchanged = [
        name.replace("left", "x").replace("right", "left").replace("x", "right") for name in names
    ]
    other = motion.points.assign_coords(keypoints=exchanged)
    plain = find_events(motion, SETTINGS)
    mirrored = find_events(clean_motion(walked, points=other, unfiltered=other,
        interpolated=motion.interpolated.assign_coords(keypoints=exchanged)), SETTINGS)  # fmt: skip
    np.testing.assert_allclose(mirrored.time_s, plain.time_s, atol=1e-9)
    assert (mirrored.side != plain.side).all()


def test_three_dimensions_read_foot_off_along_the_ankles_path() -> None:
    walked = simulated(100)
    plane, space = (
        find_events(clean_motion(walked, dimensions=count), SETTINGS) for count in (2, 3)
    )
    strikes = plane.kind == "foot_strike"
    np.testing.assert_allclose(space.time_s[strikes], plane.time_s[strikes], atol=1e-9)
    # The walker's toe does not bend, so its ankle leaves more steeply than a real one.
    assert np.abs(event_errors(space, walked, "foot_off")).max() < 0.035


def test_a_hidden_stretch_costs_its_events_their_quality() -> None:
    walked = simulated(60, strides=5)
    strike = true_events(walked).query("side == 'left' and kind == 'foot_strike'").time_s.iloc[1]
    motion = clean_motion(walked)
    hidden = motion.interpolated.copy()
    near = np.abs(hidden.time.values - strike) < 0.15
    hidden.loc[{"keypoints": "left_ankle", "time": hidden.time.values[near]}] = True
    events = find_events(clean_motion(walked, interpolated=hidden), SETTINGS)
    at_it = (events.time_s - strike).abs().argmin()
    others = events[(events.side == "right") & (events.kind == "foot_strike")]
    assert events.quality.iloc[at_it] < 0.8 * others.quality.max()


def test_quality_falls_with_noise_and_confidence() -> None:
    walked = simulated(60, strides=4)
    clear = find_events(clean_motion(walked), SETTINGS)
    noisy = find_events(clean_motion(walked, noise=0.03), SETTINGS)
    assert noisy.quality.median() < clear.quality.median()
    unsure = clean_motion(walked).interpolated * 0.0 + 0.3
    doubted = find_events(clean_motion(walked), SETTINGS, unsure)
    np.testing.assert_allclose(doubted.quality, clear.quality * 0.3 / SETTINGS.sure_confidence)
    assert clear.quality.between(0, 1).all()


def test_a_delay_of_the_source_is_taken_back() -> None:
    walked = simulated(60, strides=4)
    plain = find_events(clean_motion(walked), SETTINGS)
    earlier = find_events(clean_motion(walked), SETTINGS, delay_s=0.02)
    # One more may fall out of the recording at its beginning, and one back into it at its end.
    inner = plain[plain.time_s.between(walked.time[0] + 0.05, walked.time[-1] - 0.05)]
    for event in inner.itertuples():
        same = earlier[(earlier.side == event.side) & (earlier.kind == event.kind)]
        assert (same.time_s - (event.time_s - 0.02)).abs().min() < 1e-9


def test_a_false_bump_does_not_become_a_step() -> None:
    walked = simulated(60, strides=5)
    motion = clean_motion(walked)
    bumped = motion.points.copy()
    strike = true_events(walked).query("side == 'right' and kind == 'foot_strike'").time_s.iloc[1]
    middle = strike + 0.3 * walked.settings.stride_time
    bump = 0.05 * np.exp(-(((bumped.time.values - middle) / 0.04) ** 2))
    bumped.loc[{"keypoints": "right_ankle", "space": "x"}] += bump
    events = find_events(clean_motion(walked, points=bumped, unfiltered=bumped), SETTINGS)
    plain = find_events(motion, SETTINGS)
    assert list(events.side) == list(plain.side)
    assert list(events.kind) == list(plain.kind)


def test_legs_do_not_strike_together() -> None:
    walked = simulated(60, strides=5)
    motion = clean_motion(walked)
    strike = true_events(walked).query("side == 'left' and kind == 'foot_strike'").time_s.iloc[1]
    mistaken = motion.points.copy()
    time = mistaken.time.values
    near = (np.abs(time - strike) < 0.2) & True
    left = mistaken.sel(keypoints="left_ankle", time=time[near]).values
    mistaken.loc[{"keypoints": "right_ankle", "time": time[near]}] = left
    hidden = motion.interpolated.copy()
    hidden.loc[{"keypoints": "right_ankle", "time": time[near]}] = True
    events = find_events(
        clean_motion(walked, points=mistaken, unfiltered=mistaken, interpolated=hidden), SETTINGS
    )
    around = events[(events.kind == "foot_strike") & ((events.time_s - strike).abs() < 0.2)]
    assert list(around.side) == ["left"]


def test_passes_are_read_apart() -> None:
    walked = simulated(60, strides=8)
    half = len(walked.time) // 2
    passes = [Pass(0, half - 5, 1, None), Pass(half + 5, len(walked.time), 1, None)]
    events = find_events(clean_motion(walked, passes=passes), SETTINGS)
    assert not events.time_s.between(walked.time[half - 4], walked.time[half + 4]).any()
    strikes = true_events(walked).query("kind == 'foot_strike'")
    errors = event_errors(events, walked, "foot_strike")
    away = (strikes.time_s - walked.time[half]).abs().to_numpy() > 0.4
    assert np.abs(errors[away]).max() * 60 < 0.5


def test_standing_still_has_no_events() -> None:
    walked = simulated(60, strides=3)
    motion = clean_motion(walked)
    still = motion.points * 0.0 + motion.points.isel(time=0)
    assert find_events(clean_motion(walked, points=still, unfiltered=still), SETTINGS).empty
