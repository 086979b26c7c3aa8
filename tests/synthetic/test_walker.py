"""The oracle is judged here by formulas written down again, not by its own code."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitpose.errors import BadSettings
from gaitpose.gait.settings import EventSettings
from gaitpose.skeleton import KEYPOINTS, SIDES
from gaitpose.synthetic import PRESETS, LegStyle, Walk, WalkerSettings, walk
from gaitpose.synthetic.presets import healthy, hemiparetic

STEADY = sorted(PRESETS)
ROUND_TRIP = {"start": True, "stop": True, "turn": True, "strides": 6}


def sagittal(walk: Walk, name: str) -> np.ndarray:
    """Forward and up of a point, in the plane of walking."""
    point = walk.point(name)
    forward = point[:, 0] * np.cos(walk.heading) + point[:, 2] * np.sin(walk.heading)
    return np.stack([forward, point[:, 1]], axis=1)


def against_pelvis(walk: Walk, name: str) -> np.ndarray:
    """How far a point is ahead of the middle between the hips."""
    middle = (sagittal(walk, "left_hip") + sagittal(walk, "right_hip")) / 2
    return (sagittal(walk, name) - middle)[:, 0]


def contacts(walk: Walk, side: str) -> list[tuple[float, float]]:
    """(foot strike, foot off) of the complete stances of one side, from the event table."""
    events = walk.events[walk.events.side == side]
    strikes = events.time_s[events.kind == "foot_strike"].to_numpy()
    offs = events.time_s[events.kind == "foot_off"].to_numpy()
    pairs = []
    for strike in strikes:
        after = offs[offs > strike]
        if len(after):
            pairs.append((strike, after[0]))
    return pairs


@pytest.mark.parametrize("name", STEADY)
@pytest.mark.parametrize("route", [{}, ROUND_TRIP], ids=["steady", "start-turn-stop"])
def test_feet_on_the_ground_do_not_slip(name: str, route: dict[str, object]) -> None:
    walked = walk(PRESETS[name](**{"fps": 250.0, **route, "treadmill": False}))
    for side in SIDES:
        heel, toe = walked.point(f"{side}_heel"), walked.point(f"{side}_toe")
        stances = contacts(walked, side)
        assert len(stances) >= 4
        for strike, off in stances:
            on = (walked.time >= strike) & (walked.time <= off)
            low = np.minimum(heel[on, 1], toe[on, 1])
            np.testing.assert_allclose(low, 0, atol=1e-9)
            for point in (heel[on], toe[on]):
                resting = point[np.abs(point[:, 1]) < 1e-9]
                assert len(resting) > 10
                assert np.ptp(resting, axis=0).max() < 1e-9


@pytest.mark.parametrize("name", STEADY)
def test_feet_are_above_the_floor_in_swing(name: str) -> None:
    walked = walk(PRESETS[name](fps=250.0, **{**ROUND_TRIP, "treadmill": False}))
    for side in SIDES:
        lowest = np.minimum(walked.point(f"{side}_heel")[:, 1], walked.point(f"{side}_toe")[:, 1])
        assert lowest.min() > -1e-9
        stances = contacts(walked, side)
        for (_, off), (strike, _) in pairwise(stances):
            middle = np.abs(walked.time - (off + strike) / 2) < 0.02 * (strike - off)
            assert lowest[middle].min() > 0.005


@pytest.mark.parametrize("name", STEADY)
def test_segments_keep_their_length(name: str) -> None:
    asked = PRESETS[name](**{**ROUND_TRIP, "treadmill": False}, thigh=(0.44, 0.43), shank=0.42)
    walked = walk(asked)
    for side, thigh in zip(SIDES, (0.44, 0.43), strict=True):
        pairs = {("hip", "knee"): thigh, ("knee", "ankle"): 0.42, ("heel", "toe"): 0.24}
        for (upper, lower), length in pairs.items():
            segment = walked.point(f"{side}_{upper}") - walked.point(f"{side}_{lower}")
            np.testing.assert_allclose(np.linalg.norm(segment, axis=1), length, atol=1e-9)
    for part, width in (("hip", asked.hip_width), ("shoulder", asked.shoulder_width)):
        across = walked.point(f"right_{part}") - walked.point(f"left_{part}")
        np.testing.assert_allclose(np.linalg.norm(across, axis=1), width, atol=1e-9)
        assert across[0, 2] == pytest.approx(width)  # z is to the subject's right


@pytest.mark.parametrize(("asked", "width"), [(None, 0.09 * 0.86), (0.0, 0.0), (0.25, 0.25)])
def test_feet_stand_as_far_apart_as_asked(asked: float | None, width: float) -> None:
    walked = walk(healthy(step_width=asked))
    for side, sign in (("left", -1), ("right", 1)):
        across = walked.point(f"{side}_ankle")[:, 2] - sign * 0.17 / 2
        stands = np.abs(np.gradient(walked.point(f"{side}_toe")[:, 0])) < 1e-9
        assert stands.sum() > 100
        np.testing.assert_allclose(across[stands], sign * (width - 0.17) / 2, atol=1e-9)
        assert np.abs(across).max() <= abs(width - 0.17) / 2 + 1e-9  # nor farther in swing


@pytest.mark.parametrize("name", STEADY)
def test_angles_are_those_of_the_points(name: str) -> None:
    walked = walk(PRESETS[name](**{**ROUND_TRIP, "treadmill": False}))
    shoulder = (sagittal(walked, "left_shoulder") + sagittal(walked, "right_shoulder")) / 2
    hips = (sagittal(walked, "left_hip") + sagittal(walked, "right_hip")) / 2
    lean = np.degrees(np.arctan2((shoulder - hips)[:, 0], (shoulder - hips)[:, 1]))
    for side in SIDES:
        hip, knee, ankle, heel, toe = (
            sagittal(walked, f"{side}_{part}") for part in ("hip", "knee", "ankle", "heel", "toe")
        )
        thigh = np.degrees(np.arctan2((knee - hip)[:, 0], (hip - knee)[:, 1]))
        shank = np.degrees(np.arctan2((ankle - knee)[:, 0], (knee - ankle)[:, 1]))
        foot = np.degrees(np.arctan2((toe - heel)[:, 1], (toe - heel)[:, 0]))
        expected = {
            "hip": thigh,
            "hip_trunk": thigh + lean,
            "knee": thigh - shank,
            "ankle": foot - shank,
            "trunk": lean,
        }
        for joint, values in expected.items():
            given = walked.angles.sel(side=side, joint=joint).values
            np.testing.assert_allclose(given, values, atol=1e-9)
            assert np.abs(np.diff(given)).max() < 20  # no jump by a turn of 360


@pytest.mark.parametrize("name", STEADY)
def test_strides_are_speed_times_time(name: str) -> None:
    walked = walk(PRESETS[name](treadmill=False))
    asked = walked.settings
    assert walked.strides.steady.all()
    for _, row in walked.strides.iterrows():
        assert row.stride_length == pytest.approx(asked.speed * asked.stride_time, abs=1e-12)
        assert row.stride_time == pytest.approx(asked.stride_time, abs=1e-12)
        assert row.speed == pytest.approx(asked.speed, abs=1e-12)
    hips = sagittal(walked, "left_hip")[:, 0]
    assert (hips[-1] - hips[0]) / walked.time[-1] == pytest.approx(asked.speed, abs=1e-12)


def test_prints_of_the_feet_are_the_steps_asked_for() -> None:
    asked = healthy(left_step_time_share=0.53, left_step_length_share=0.46, fps=1000.0)
    walked = walk(asked)
    prints = {
        side: [
            (strike, sagittal(walked, f"{side}_heel")[np.searchsorted(walked.time, strike) + 1, 0])
            for strike, _ in contacts(walked, side)
        ]
        for side in SIDES
    }
    stride = asked.speed * asked.stride_time
    for time, place in prints["left"][1:4]:
        before = max(one for one in prints["right"] if one[0] < time)
        assert time - before[0] == pytest.approx(0.53 * asked.stride_time, abs=1e-9)
        assert place - before[1] == pytest.approx(0.46 * stride, abs=1e-9)
    table = walked.strides
    left, right = table[table.side == "left"], table[table.side == "right"]
    np.testing.assert_allclose(left.step_length, 0.46 * stride, atol=1e-9)
    np.testing.assert_allclose(right.step_length, 0.54 * stride, atol=1e-9)
    np.testing.assert_allclose(left.step_time, 0.53 * asked.stride_time, atol=1e-9)


@pytest.mark.parametrize("name", STEADY)
@pytest.mark.parametrize("leads", [(0.054, 0.042), (0.045, 0.035), (0.0, 0.02), (0.0, 0.0)])
def test_events_and_extrema_at_10_khz(name: str, leads: tuple[float, float]) -> None:
    asked = PRESETS[name](
        ankle_lead_before_foot_strike=leads[0], ankle_lead_before_foot_off=leads[1], strides=3
    )
    stride, rate = asked.stride_time, 10_000.0
    walked = walk(asked, np.arange(0.0, 2.6 * stride, 1 / rate))
    for side in SIDES:
        ahead = {
            part: against_pelvis(walked, f"{side}_{part}") for part in ("ankle", "heel", "toe")
        }
        events = walked.events[walked.events.side == side]
        for event in events.itertuples():
            near = np.abs(walked.time - event.time_s) < 0.22 * stride
            if walked.time[near][0] == 0.0 or walked.time[near][-1] == walked.time[-1]:
                continue
            time = walked.time[near]
            if event.kind == "foot_strike":
                for part in ("ankle", "heel", "toe"):
                    farthest = time[ahead[part][near].argmax()]
                    assert farthest - event.time_s == pytest.approx(-leads[0] * stride, abs=1.5e-4)
            else:
                behind = time[ahead["ankle"][near].argmin()]
                assert behind - event.time_s == pytest.approx(-leads[1] * stride, abs=1.5e-4)
                last = time[ahead["toe"][near].argmin()]
                assert last - event.time_s == pytest.approx(0.0, abs=1.5e-4)


def test_leads_are_those_that_the_analysis_assumes() -> None:
    """The oracle shares no code with what it judges, so the one number they share is held here."""
    assumed, made = EventSettings(), WalkerSettings()
    assert made.ankle_lead_before_foot_strike == assumed.strike_lead
    assert made.ankle_lead_before_foot_off == assumed.off_lead


def test_sampling_does_not_change_the_walk() -> None:
    slow, fast = walk(healthy(fps=25.0)), walk(healthy(fps=240.0))
    uneven = np.sort(np.random.default_rng(1).uniform(0, 5, 50))
    shared, of_slow, of_fast = np.intersect1d(slow.time, fast.time, return_indices=True)
    assert len(shared) > 20
    np.testing.assert_allclose(slow.position[of_slow], fast.position[of_fast], rtol=0, atol=1e-13)
    once, alone = walk(healthy(), uneven), walk(healthy(), uneven[7:9])
    np.testing.assert_allclose(once.position[7:9], alone.position, rtol=0, atol=1e-13)


def test_treadmill_is_overground_in_the_frame_of_the_body() -> None:
    ground = walk(healthy(start=True, stop=True, treadmill=False))
    belt = walk(healthy(start=True, stop=True, treadmill=True))
    middle = [(one.point("left_hip") + one.point("right_hip")) / 2 for one in (ground, belt)]
    np.testing.assert_allclose(middle[1][:, 0], 0, atol=1e-12)
    np.testing.assert_allclose(
        ground.position - middle[0][:, np.newaxis],
        belt.position - middle[1][:, np.newaxis],
        atol=1e-12,
    )
    np.testing.assert_allclose(ground.angles, belt.angles, atol=1e-9)
    np.testing.assert_allclose(belt.belt, ground.point("left_hip")[:, 0], atol=1e-12)


def test_start_turn_and_stop() -> None:
    walked = walk(healthy(**ROUND_TRIP, fps=500.0))
    step = np.diff(walked.position, axis=0)
    assert np.abs(step).max() * 500 < 6  # m/s: nothing jumps
    hips = walked.point("left_hip")
    assert np.abs(hips[:100] - hips[0]).max() < 1e-12  # stands, walks, stands
    assert np.abs(hips[-100:] - hips[-1]).max() < 1e-12
    np.testing.assert_allclose(walked.heading[[0, -1]], [0, np.pi], atol=1e-12)
    across = walked.point("right_hip") - walked.point("left_hip")
    assert across[0, 2] > 0.16 and across[-1, 2] < -0.16
    middle = (walked.point("left_hip") + walked.point("right_hip")) / 2
    np.testing.assert_allclose(middle[-1, [0, 2]], [0, 0], atol=1e-9)  # back where it began
    assert walked.strides.steady.any() and not walked.strides.steady.all()
    angles = walked.angles
    assert np.abs(np.diff(angles.sel(joint=["hip", "knee", "trunk"]), axis=0)).max() * 500 < 900
    at_rest = angles.isel(time=0).sel(joint="knee").values
    np.testing.assert_allclose(at_rest, 6.0, atol=0.02)  # seen from the side; legs lean


@pytest.mark.parametrize("name", STEADY)
def test_order_of_events(name: str) -> None:
    walked = walk(PRESETS[name](**{**ROUND_TRIP, "treadmill": False}))
    kinds = list(zip(walked.events.side, walked.events.kind, strict=True))
    wanted = [
        ("right", "foot_strike"),
        ("left", "foot_off"),
        ("left", "foot_strike"),
        ("right", "foot_off"),
    ]
    first = wanted.index(kinds[0])
    assert kinds == [wanted[(first + k) % 4] for k in range(len(kinds))]
    assert walked.events.time_s.is_monotonic_increasing


def test_healthy_gait_looks_human() -> None:
    """Ranges as printed in Winter (2009) and Perry (2010) for free speed."""
    walked = walk(healthy(fps=200.0))
    stride = walked.settings.stride_time
    for side in SIDES:
        start = walked.strides[walked.strides.side == side].start_s.iloc[1]
        one = walked.angles.sel(side=side).sel(time=slice(start, start + stride))
        phase = (one.time.values - start) / stride
        knee, hip = one.sel(joint="knee").values, one.sel(joint="hip").values
        ankle = one.sel(joint="ankle").values
        assert 54 < knee.max() < 66 and 0.68 < phase[knee.argmax()] < 0.76
        loading = phase < 0.3
        assert 14 < knee[loading].max() < 22 and 0.1 < phase[loading][knee[loading].argmax()] < 0.2
        assert knee.min() > 2
        assert 24 < hip.max() < 32 and -22 < hip.min() < -13
        assert 0.44 < phase[hip.argmin()] < 0.56
        assert ankle.min() > -25 and ankle.max() < 22
    rise = np.ptp(walked.point("left_hip")[:, 1])
    assert 0.02 < rise < 0.05


def test_presets_are_what_they_are_called() -> None:
    knees = {
        name: walk(PRESETS[name]()).angles.sel(joint="knee").max("time").values for name in STEADY
    }
    assert knees["stiff_knee"][1] < knees["stiff_knee"][0] - 5
    affected_left = walk(PRESETS["stiff_knee"](affected="left")).angles.sel(joint="knee")
    np.testing.assert_allclose(
        affected_left.max("time").values, knees["stiff_knee"][::-1], atol=0.2
    )
    crouch = walk(PRESETS["crouch"]()).angles.sel(joint="knee").min().item()
    assert crouch > 28
    strides = walk(hemiparetic(affected="right")).strides
    left, right = strides[strides.side == "left"], strides[strides.side == "right"]
    assert right.step_length.mean() > left.step_length.mean() + 0.03
    assert left.stance_percent.mean() == pytest.approx(71)
    assert right.stance_percent.mean() == pytest.approx(65)


def test_asymmetry_appears_where_it_was_asked_for() -> None:
    symmetric, longer = walk(healthy()), walk(healthy(thigh=(0.43, 0.41)))
    both = symmetric.angles.sel(joint="knee")
    half = symmetric.settings.stride_time / 2
    left = both.sel(side="left").interp(time=symmetric.time[200:300] + half).values
    np.testing.assert_allclose(left, both.sel(side="right").values[200:300], atol=0.1)
    assert longer.leg_lengths == pytest.approx((0.86, 0.84))
    stance = walk(healthy(stance_percent=(62.0, 58.0))).strides
    by_side = stance.groupby("side").stance_percent.mean()
    assert by_side["left"] == pytest.approx(62) and by_side["right"] == pytest.approx(58)


@settings(max_examples=20, deadline=None)
@given(
    speed=st.floats(0.4, 1.5),
    scale=st.floats(0.6, 1.15),
    time_share=st.floats(0.47, 0.53),
    length_share=st.floats(0.47, 0.53),
)
def test_any_walk_is_consistent(
    speed: float, scale: float, time_share: float, length_share: float
) -> None:
    walked = walk(
        healthy(
            speed=speed * np.sqrt(scale),  # equal Froude number
            thigh=0.43 * scale,
            shank=0.43 * scale,
            foot=0.24 * scale,
            heel_behind_ankle=0.06 * scale,
            ankle_height=0.075 * scale,
            left_step_time_share=time_share,
            left_step_length_share=length_share,
            ankle_lead_before_foot_off=0.035,  # with more, fast walks are refused
            strides=3,
        )
    )
    for side in SIDES:
        low = np.minimum(walked.point(f"{side}_heel")[:, 1], walked.point(f"{side}_toe")[:, 1])
        assert low.min() > -1e-9
        knee = walked.angles.sel(side=side, joint="knee")
        assert knee.min() > -2 and knee.max() < 78
        thigh = walked.point(f"{side}_knee") - walked.point(f"{side}_hip")
        np.testing.assert_allclose(np.linalg.norm(thigh, axis=1), 0.43 * scale, atol=1e-9)


def test_style_is_followed() -> None:
    """A deeper loading response is asked for and comes."""
    deeper = LegStyle(knee=LegStyle().knee + LegStyle().knee * 0.3)
    usual = walk(healthy()).angles.sel(joint="knee", side="left")
    bent = walk(healthy(style=deeper)).angles.sel(joint="knee", side="left")
    stride = walk(healthy()).strides.start_s.iloc[1]
    loading = {"time": slice(stride + 0.1, stride + 0.2)}
    assert bent.sel(loading).mean() == pytest.approx(
        1.3 * float(usual.sel(loading).mean()), rel=0.1
    )
    assert bent.max() > usual.max() + 5


def test_poses_carry_the_points() -> None:
    walked = walk(healthy(fps=50.0))
    poses = walked.to_poses()
    assert poses.attrs["units"] == "m" and poses.attrs["fps"] == pytest.approx(50.0)
    assert list(poses.keypoints.values) == list(KEYPOINTS)
    position = poses.position.sel(keypoints="left_toe", individuals="subject").values
    np.testing.assert_array_equal(position, walked.point("left_toe"))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"cadence": 110.0, "stride_length": 1.2}, "walker"),
        ({"treadmill": True, "turn": True}, "walker"),
        ({"stance_percent": 45.0}, "walker"),
        ({"thigh": -0.4}, "walker"),
        ({"speed": 0.0}, "speed"),
        ({"start": True, "stop": True, "strides": 3}, "strides"),
        ({"speed": 1.3, "stride_length": 2.4}, "ankle_lead_before_foot_off"),
        ({"speed": 2.2}, "ankle_lead_before_foot_off"),
    ],
)
def test_impossible_walks_are_refused_in_one_line(changes: dict[str, object], where: str) -> None:
    with pytest.raises(BadSettings) as caught:
        walk(WalkerSettings(**changes))
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(where)
