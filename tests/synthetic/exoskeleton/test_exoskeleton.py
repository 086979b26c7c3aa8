"""The exoskeleton on a mannequin: axes through joints, nothing floats, cuts in or sinks."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from gaitpose.errors import BadSettings
from gaitpose.skeleton import SIDES
from gaitpose.synthetic import WalkerSettings, walk
from gaitpose.synthetic.exoskeleton import LOOKS, Exoskeleton, ExoskeletonSettings
from gaitpose.synthetic.exoskeleton.legs import leg_parts, link_planes
from gaitpose.synthetic.exoskeleton.placed import Finish
from gaitpose.synthetic.exoskeleton.pressing import Pressing, Zone
from gaitpose.synthetic.exoskeleton.sections import PRESSED
from gaitpose.synthetic.exoskeleton.wearer import measure, sides, within
from gaitpose.synthetic.surface import Material, Part, Surface

from .dummy import Dummy, posed, radius_at


@pytest.fixture(scope="module")
def walked():
    return walk(WalkerSettings(start=True, standing_s=0.2, strides=3))


@pytest.fixture(scope="module")
def rest(walked):
    return posed(walked, 0)


def settings_of(look: str, seed: int = 0) -> ExoskeletonSettings:
    return replace(ExoskeletonSettings.draw(np.random.default_rng(seed), look), legs=SIDES)


@pytest.mark.parametrize("look", LOOKS)
def test_surfaces_can_be_drawn(look, rest):
    for surface in Exoskeleton(settings_of(look), rest).surfaces(rest):
        assert surface.part is Part.EXOSKELETON
        assert surface.vertices.dtype == np.float32
        assert surface.faces.dtype == np.int32
        assert np.isfinite(surface.vertices).all()
        assert surface.faces.min() == 0
        assert surface.faces.max() == len(surface.vertices) - 1
        assert (surface.uv is not None) == (surface.material.texture is not None)


def test_motors_turn_about_the_knee_in_every_pose(walked, rest):
    settings = settings_of("clinic")
    body = measure(rest)
    for leg in body.legs:
        parts = leg_parts(leg, link_planes(leg, settings, body.size), settings, body.size)
        (cap,) = [part for part in parts if part.finish is Finish.BADGE]
        assert cap.segment == "thigh"
        middle = cap.solid.vertices.mean(axis=0)
        outwards = np.array([1, 1, 1 if leg.side == "right" else -1])
        for index in range(0, len(walked.time), 25):
            frame = posed(walked, index).frames[f"{leg.side}_thigh"]
            knee = walked.point(f"{leg.side}_knee")[index]
            beside = frame[:3, :3] @ (middle * outwards) + frame[:3, 3] - knee
            across = np.linalg.norm(np.cross(beside, frame[:3, 2]))
            assert across == pytest.approx(0, abs=1e-6)
            assert outwards[2] * beside @ frame[:3, 2] > 0.06


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("seed", range(4))
def test_links_and_straps_neither_cut_in_nor_float(look, seed, rest):
    """On a mannequin of round tubes all distances from the skin are known."""
    settings = settings_of(look, seed)
    body = measure(rest)
    for leg in body.legs:
        parts = leg_parts(leg, link_planes(leg, settings, body.size), settings, body.size)
        for part in parts:
            vertices = part.solid.vertices
            joint, ends = {
                "thigh": (leg.knee, ((0.085, 0.055), (0.085, 0.055))),
                "shank": (leg.ankle, ((0.058, 0.04), (0.055, 0.036))),
            }[part.segment]
            share = np.clip(vertices[:, 1] / joint[1], 0, 1)
            x, z = (vertices[:, a] / radius_at(share, e) for a, e in zip((0, 2), ends, strict=True))
            outside = (np.hypot(x, z) - 1) * radius_at(share, ends[1])
            rim = np.hypot(x, z) > 0.5  # not the middles of the bands' ends
            assert outside[rim].min() > -0.002, (part.finish, part.segment)
            if part.finish is Finish.STRAP:
                assert outside[rim].min() > -0.001
                assert outside.max() < 0.008


def test_the_plate_lies_on_the_floor(walked, rest):
    exo = Exoskeleton(settings_of("clinic"), rest)
    floor = min(surface.vertices[:, 1].min() for surface in exo.surfaces(rest))
    assert floor == pytest.approx(0, abs=0.0015)
    for index in range(0, len(walked.time), 10):
        lowest = min(s.vertices[:, 1].min() for s in exo.surfaces(posed(walked, index)))
        assert -0.012 < lowest < 0.01


def test_all_that_a_segment_carries_moves_with_it(walked, rest):
    exo = Exoskeleton(replace(settings_of("rugged"), has_cables=False), rest)
    later = posed(walked, len(walked.time) // 2)
    for before, after in zip(exo.surfaces(rest), exo.surfaces(later), strict=True):
        assert after.faces is before.faces
        matched = np.zeros(len(before.vertices), dtype=bool)
        for name, frame in rest.frames.items():
            kept = within(frame, before.vertices) - within(later.frames[name], after.vertices)
            matched |= np.abs(kept).max(axis=1) < 1e-5
        assert matched.all()


def test_left_and_right_mirror_each_other(rest):
    exo = Exoskeleton(replace(settings_of("clinic"), has_cables=False), rest)
    for surface in exo.surfaces(rest):
        left, right = (surface.vertices[surface.vertices[:, 2] * s > 0.023] for s in (-1, 1))
        assert len(left) == len(right)
        assert np.sort(left[:, 0]) == pytest.approx(np.sort(right[:, 0]), abs=1e-3)
        assert np.sort(-left[:, 2]) == pytest.approx(np.sort(right[:, 2]), abs=1e-3)


@pytest.mark.parametrize("scale", [0.55, 0.85, 1.0, 1.1])
def test_it_is_made_to_measure(scale):
    base = WalkerSettings(thigh=0.43 * scale, shank=0.43 * scale, start=True)
    small = posed(walk(base, np.zeros(1)), 0)
    exo = Exoskeleton(ExoskeletonSettings(), small)
    vertices = np.vstack([surface.vertices for surface in exo.surfaces(small)])
    knee_height = 0.43 * scale + base.ankle_height
    motors = vertices[np.abs(vertices[:, 1] - knee_height) < 0.01]
    assert len(motors) > 50
    assert np.abs(motors[:, 2]).max() > 0.085 + 0.055


def test_the_hip_look_leaves_the_lower_leg_free(rest):
    exo = Exoskeleton(settings_of("hip"), rest)
    knee = rest.frames["left_shank"][1, 3]
    assert min(surface.vertices[:, 1].min() for surface in exo.surfaces(rest)) > knee


def test_one_leg_alone_can_wear_it(rest):
    exo = Exoskeleton(replace(ExoskeletonSettings(), legs=("right",)), rest)
    low = [s.vertices[s.vertices[:, 1] < 0.8] for s in exo.surfaces(rest)]
    assert min(each[:, 2].min() for each in low if len(each)) > -0.02  # feet stand close together


def test_a_frame_takes_less_than_five_milliseconds(rest):
    exo = Exoskeleton(ExoskeletonSettings(), rest)
    times = []
    for _ in range(10):
        start = time.perf_counter()
        exo.surfaces(rest)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_settings_follow_the_seed_and_vary():
    drawn = [ExoskeletonSettings.draw(np.random.default_rng(seed)) for seed in range(60)]
    assert drawn[7] == ExoskeletonSettings.draw(np.random.default_rng(7))
    assert {each.look for each in drawn} == set(LOOKS)
    assert len({each.colours for each in drawn}) == 60


def test_impossible_wishes_are_refused(rest):
    with pytest.raises(BadSettings, match="no look"):
        ExoskeletonSettings.draw(np.random.default_rng(0), "steam")
    with pytest.raises(BadSettings, match="cuffs lie between"):
        ExoskeletonSettings(thigh_cuffs=(0.1,))
    with pytest.raises(BadSettings, match="left, right or both"):
        ExoskeletonSettings(legs=())
    legless = Dummy({k: v for k, v in rest.frames.items() if k != "left_foot"}, rest.skin)
    with pytest.raises(BadSettings, match="left_foot is missing"):
        Exoskeleton(ExoskeletonSettings(), legless)


def trousers(dummy: Dummy, radius: float) -> Surface:
    """Two wide tubes around thighs and shanks, which overlap in the middle."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    legs = []
    for side in SIDES:
        for part, length in (("thigh", 0.43), ("shank", 0.40)):
            frame = dummy.frames[f"{side}_{part}"]
            for y in np.arange(-0.12 if part == "thigh" else 0, -length, -0.02):
                local = np.column_stack(
                    [radius * np.cos(turn), np.full(40, y), radius * np.sin(turn)]
                )
                legs.append(local @ frame[:3, :3].T + frame[:3, 3])
    vertices = np.vstack(legs).astype(np.float32)
    faces = np.array([[0, 1, 2]], dtype=np.int32)
    return Surface(vertices, faces, Material(), Part.CLOTHING)


def test_trousers_are_pressed_under_straps_by_their_own_leg(walked):
    stride = int(np.argmax(np.abs(walked.point("left_ankle") - walked.point("right_ankle"))[:, 0]))
    dressed = [
        replace(each, surfaces=(trousers(each, 0.12),))
        for each in (posed(walked, 0), posed(walked, stride))
    ]
    rest, striding = dressed
    cloth = [each.surfaces[0].vertices for each in dressed]
    half = sides(rest, striding, *cloth)
    assert (half == np.repeat([-1, 1], len(half) // 2)).all()
    body = measure(rest, striding)
    zone = Zone("left_thigh", body.legs[0].thigh, -0.3, 0.04, -1.0, -1.0)
    (before,), (after,) = striding.surfaces, Pressing(rest, striding, [zone]).applied(striding)
    right = half > 0
    assert after.vertices[right] == pytest.approx(before.vertices[right])
    local = within(striding.frames["left_thigh"], after.vertices[: len(half) // 4])
    radius = np.hypot(local[:, 0], local[:, 2])
    skin = radius_at(local[:, 1] / -0.43, (0.085, 0.055))
    under = np.abs(local[:, 1] + 0.3) < 0.02
    assert (radius[under] - skin[under]).max() < PRESSED + 0.002
    assert (radius[under] - skin[under]).min() > 0.005
    assert radius[local[:, 1] > -0.13].min() > 0.119
