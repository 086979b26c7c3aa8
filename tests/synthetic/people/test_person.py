from __future__ import annotations

import numpy as np
import pytest

from gaitpose.skeleton import JOINTS, KEYPOINTS, SIDES
from gaitpose.synthetic import PRESETS, Walk, walk
from gaitpose.synthetic.people import Outfit, Person, PersonSettings, PosedPerson, Posture
from gaitpose.synthetic.people.source import SKIN_VERTICES
from gaitpose.synthetic.surface import Part

LEGS = [JOINTS.index(f"{side}_{name}") for name in ("hip", "knee", "ankle") for side in SIDES]


def test_legs_are_where_the_walker_puts_them(
    adults_walk: Walk, adult_posed: list[PosedPerson]
) -> None:
    for posed, points in zip(adult_posed, adults_walk.position, strict=True):
        np.testing.assert_allclose(posed.joint_centres[LEGS], points[LEGS], atol=1e-6)


def test_middle_of_the_shoulders_is_where_the_walker_puts_it(
    adults_walk: Walk, adult_posed: list[PosedPerson]
) -> None:
    for posed, points in zip(adult_posed, adults_walk.position, strict=True):
        middle, wanted = posed.joint_centres[:2].mean(axis=0), points[:2].mean(axis=0)
        np.testing.assert_allclose(middle, wanted, atol=1e-6)


def test_turned_heading(child: Person) -> None:
    walked = walk(child.walker_settings(PRESETS["slow"](fps=5, strides=4, turn=True)))
    index = len(walked.time) - 3  # walking back
    assert np.cos(walked.heading[index]) == pytest.approx(-1)
    posed = child.pose(walked, index, Posture())
    np.testing.assert_allclose(posed.joint_centres[LEGS], walked.position[index][LEGS], atol=1e-6)
    np.testing.assert_allclose(posed.frames["pelvis"][:3, 0], (-1, 0, 0), atol=0.1)
    toes, heels = (
        posed.keypoints[[KEYPOINTS.index(f"{s}_{n}") for s in SIDES]] for n in ("toe", "heel")
    )
    assert np.all(toes[:, 0] < heels[:, 0])


def test_soles_neither_float_nor_sink_in_stance(
    adults_walk: Walk, adult_posed: list[PosedPerson]
) -> None:
    events = adults_walk.events
    seen = 0
    for posed, time in zip(adult_posed, adults_walk.time, strict=True):
        for side, sign in (("left", -1), ("right", 1)):
            past = events[(events.side == side) & (events.time_s <= time)]
            if past.empty or past.iloc[-1].kind != "foot_strike":
                continue
            shoes = posed.surfaces[-2].vertices  # before the hair
            shoe = shoes[np.sign(shoes[:, 2] - posed.joint_centres[2:4, 2].mean()) == sign]
            assert -0.005 < shoe[:, 1].min() < 0.01
            seen += 1
    assert seen > 15


def test_clicks_are_near_the_joints_and_on_the_right_side(
    adult_posed: list[PosedPerson],
) -> None:
    for posed in adult_posed:
        miss = np.linalg.norm(posed.keypoints[:8] - posed.joint_centres, axis=1)
        assert miss[2:].max() < 0.03
        assert miss[:2].max() < 0.05
        right = [KEYPOINTS.index(name) for name in KEYPOINTS if name.startswith("right")]
        left = [KEYPOINTS.index(name) for name in KEYPOINTS if name.startswith("left")]
        assert np.all(posed.keypoints[right, 2] > posed.keypoints[left, 2])


def test_frames_stand_on_joints_along_segments(adult_posed: list[PosedPerson]) -> None:
    posed = adult_posed[7]
    at = dict(zip(JOINTS, posed.joint_centres, strict=True))
    for side in SIDES:
        for segment, top, bottom in (("thigh", "hip", "knee"), ("shank", "knee", "ankle")):
            frame = posed.frames[f"{side}_{segment}"]
            up = at[f"{side}_{top}"] - at[f"{side}_{bottom}"]
            np.testing.assert_allclose(frame[:3, 3], at[f"{side}_{top}"], atol=1e-6)
            np.testing.assert_allclose(frame[:3, 1], up / np.linalg.norm(up), atol=1e-6)
            across = np.cross(frame[:3, 1], np.cross((0, 0, 1), frame[:3, 1]))
            np.testing.assert_allclose(frame[:3, 2], across / np.linalg.norm(across), atol=1e-6)
        np.testing.assert_allclose(
            posed.frames[f"{side}_foot"][:3, 3], at[f"{side}_ankle"], atol=1e-6
        )
    for frame in posed.frames.values():
        np.testing.assert_allclose(frame[:3, :3].T @ frame[:3, :3], np.eye(3), atol=1e-9)
        assert np.linalg.det(frame[:3, :3]) == pytest.approx(1)


def test_surfaces_can_be_drawn(adult: Person, adult_posed: list[PosedPerson]) -> None:
    posed = adult_posed[0]
    assert posed.skin.shape == (SKIN_VERTICES, 3)
    assert {surface.part for surface in posed.surfaces} == {Part.BODY, Part.CLOTHING}
    for surface in posed.surfaces:
        assert surface.vertices.dtype == np.float32
        assert surface.faces.dtype == np.int32
        assert np.isfinite(surface.vertices).all()
        assert surface.faces.max() < len(surface.vertices)
        assert surface.uv is not None
        assert surface.uv.shape == (len(surface.vertices), 2)
        assert surface.material.texture is not None
    heights = np.concatenate([surface.vertices[:, 1] for surface in posed.surfaces])
    # A walker is lower than he stands; shoes and hair make him taller.
    assert heights.max() == pytest.approx(adult.lengths.height, abs=0.06)


def test_arms_swing_against_the_legs(adult: Person, adults_walk: Walk) -> None:
    lively = Posture(arm_swing=0.8, twist=0.1)
    hands, legs = [], []
    for index in range(len(adults_walk.time)):
        posed = adult.pose(adults_walk, index, lively)
        middle = posed.joint_centres[2:4, 0].mean()
        hands.append(posed.frames["left_hand"][0, 3] - middle)
        legs.append(posed.joint_centres[JOINTS.index("left_ankle"), 0] - middle)
    assert np.corrcoef(hands, legs)[0, 1] < -0.8
    assert np.ptp(hands) > 0.2


@pytest.mark.parametrize("hands", ["bars", "frame"])
def test_hands_hold_still_on_a_grip(adult: Person, adults_walk: Walk, hands: str) -> None:
    posture = Posture(hands=hands, grip_height=1.0, grip_apart=0.36)
    leg = adult.lengths.thigh + adult.lengths.shank + adult.lengths.ankle_height
    for index in (3, 9, 14):
        posed = adult.pose(adults_walk, index, posture)
        wrist = posed.frames["right_hand"][:3, 3]
        assert wrist[1] == pytest.approx(leg, abs=0.02)
        assert posed.frames["left_hand"][2, 3] == pytest.approx(-wrist[2], abs=0.01)


def test_lengths_are_those_of_people(adult: Person, child: Person) -> None:
    for person, height in ((adult, 1.75), (child, 1.12)):
        at = person.lengths
        assert at.height == height
        assert 0.43 < (at.thigh + at.shank) / height < 0.53
        assert 0.85 < at.thigh / at.shank < 1.15
        assert 0.08 < at.hip_width / height < 0.13
        assert 0.25 < at.trunk / height < 0.33
        assert 0.11 < at.foot / height < 0.16


def test_same_settings_same_person(adult: Person, adults_walk: Walk) -> None:
    again = Person(adult.settings).pose(adults_walk, 4, Posture())
    first = adult.pose(adults_walk, 4, Posture())
    for one, other in zip(first.surfaces, again.surfaces, strict=True):
        np.testing.assert_array_equal(one.vertices, other.vertices)
        np.testing.assert_array_equal(one.material.texture, other.material.texture)


def test_walk_scales_with_the_leg(adult: Person, child: Person) -> None:
    base = PRESETS["healthy"]()
    settings = child.walker_settings(base)
    leg = child.lengths.thigh + child.lengths.shank
    assert settings.speed <= base.speed * (leg / 0.86) ** 0.5 + 1e-9
    assert settings.speed > 0.6 * base.speed * (leg / 0.86) ** 0.5
    assert settings.thigh == child.lengths.thigh
    assert settings.hip_width == child.lengths.hip_width


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_anybody_can_do_every_walk(seed: int) -> None:
    rng = np.random.default_rng(seed)
    person = Person(PersonSettings.draw(rng, children=0.3))
    for preset in PRESETS.values():
        walked = walk(person.walker_settings(preset(fps=5, strides=2)))
        posed = person.pose(walked, len(walked.time) // 2, Posture.draw(rng))
        assert np.isfinite(posed.keypoints).all()
        assert np.concatenate([s.vertices for s in posed.surfaces])[:, 1].min() > -0.03


def test_what_a_coat_covers_is_left_out() -> None:
    outfit = Outfit(top="coat", bottom="shorts", top_length=0.75, bottom_length=0.15)
    person = Person(PersonSettings(height=1.6, outfit=outfit))
    walked = walk(person.walker_settings(PRESETS["slow"](strides=3)), np.array([1.0]))
    posed = person.pose(walked, 0, Posture())
    assert all(len(surface.faces) for surface in posed.surfaces)
