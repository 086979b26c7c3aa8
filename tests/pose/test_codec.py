import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitpose.pose.codec import ABSENT, PRESENT, UNKNOWN, CodecSettings, decode, unmirrored
from gaitpose.pose.labels import encode, grey_depth
from gaitpose.pose.normalise import Normalise
from gaitpose.skeleton import BONES, JOINTS, MIRROR

SIZE = (64, 64)
PLAIN = CodecSettings()


def _joints(seed=0, low=20.0, high=230.0):
    return torch.from_numpy(np.random.default_rng(seed).uniform(low, high, (1, 8, 2)))


def _all(state=PRESENT):
    return torch.full((1, 8), state)


def test_heatmap_is_equation_1():
    joints = _joints()
    heatmap = encode(joints, _all(), SIZE, PLAIN, "none").heatmap[0]
    for k, (x, y) in enumerate(joints[0].tolist()):
        for row, column in ((3, 5), (30, 31), (60, 2)):
            squared = (column - x / 4) ** 2 + (row - y / 4) ** 2
            assert float(heatmap[k, row, column]) == pytest.approx(np.exp(-squared / 36), abs=1e-6)


def test_offset_disc_is_the_smaller_of_both_conditions():
    assert PLAIN.offset_radius**2 == pytest.approx(18.4, abs=0.05)
    assert CodecSettings(positive_value=0.1).offset_radius == 6.0


def test_positive_region_is_the_disc():
    joints = torch.full((1, 8, 2), 128.0)
    positive = encode(joints, _all(), SIZE, PLAIN, "none").positive[0, 0]
    row, column = torch.nonzero(positive, as_tuple=True)
    squared = (row - 32) ** 2 + (column - 32) ** 2
    assert squared.max() <= 18.4
    assert len(row) == sum(a * a + b * b <= 18.4 for a in range(-5, 6) for b in range(-5, 6))


def test_offset_is_equation_3_with_x_in_even_channels():
    joints = _joints(3)
    offset = encode(joints, _all(), SIZE, PLAIN, "none").offset[0]
    x, y = joints[0, 5].tolist()
    assert float(offset[10, 17, 23]) == pytest.approx((x - 4 * 23) / 4, abs=1e-5)
    assert float(offset[11, 17, 23]) == pytest.approx((y - 4 * 17) / 4, abs=1e-5)


@pytest.mark.parametrize("state", [UNKNOWN, ABSENT])
def test_joints_that_are_not_there_leave_no_trace(state):
    states = _all()
    states[0, 4] = state
    joints = _joints()
    joints[0, 4] = float("nan")
    labels = encode(joints, states, SIZE, PLAIN, "mask")
    assert float(labels.heatmap[0, 4].abs().max()) == 0
    assert not labels.positive[0, 4].any()
    touched = [i for i, bone in enumerate(BONES) if JOINTS[4] in bone]
    assert not labels.bone_known[0, touched].any()
    assert float(labels.jgs[0, touched].abs().max()) == 0
    assert torch.isfinite(labels.offset).all()


def test_bone_mask_is_equation_4():
    joints = _joints(1)
    start, stop = (joints[0, JOINTS.index(name)].numpy() / 4 for name in BONES[6])
    mask = encode(joints, _all(), SIZE, PLAIN, "mask").jgs[0, 6]
    row, column = np.mgrid[:64, :64]
    along = (stop - start) / np.linalg.norm(stop - start)
    p = np.stack((column - start[0], row - start[1]), -1)
    projection = p @ along
    distance = np.abs(p @ np.array([-along[1], along[0]]))
    length = np.linalg.norm(stop - start)
    expected = (projection >= 0) & (projection <= length) & (distance <= 8)
    assert (mask.numpy() > 0).sum() > 50
    assert ((mask.numpy() > 0) == expected).mean() > 0.999


def test_vector_guidance_points_from_the_first_joint_to_the_second():
    joints = torch.full((1, 8, 2), 100.0)
    hip, knee = (JOINTS.index(name) for name in BONES[4])
    joints[0, hip] = torch.tensor([80.0, 60.0])
    joints[0, knee] = torch.tensor([80.0, 160.0])
    field = encode(joints, _all(), SIZE, PLAIN, "vector").jgs[0]
    assert field[8, 27, 20] == pytest.approx(0.0)
    assert field[9, 27, 20] == pytest.approx(1.0)


def test_mirrored_joints_give_mirrored_maps():
    joints = _joints(2)
    mirrored = joints[:, list(MIRROR)].clone()
    mirrored[..., 0] = 4 * 63 - mirrored[..., 0]  # cell c becomes cell 63 - c
    heatmap = encode(joints, _all(), SIZE, PLAIN, "none").heatmap
    other = encode(mirrored, _all(), SIZE, PLAIN, "none").heatmap
    assert torch.allclose(other, heatmap[:, list(MIRROR)].flip(-1), atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(["value", "distribution"]))
def test_maps_of_the_mirror_image_turned_back_give_the_joints(seed, kind):
    joints = _joints(seed, 0.0, 255.0)
    mirrored = joints[:, list(MIRROR)].clone()
    mirrored[..., 0] = 255 - mirrored[..., 0]
    labels = encode(mirrored, _all(), SIZE, PLAIN, "none")
    heatmap = labels.heatmap if kind == "value" else labels.heatmap.clamp_min(1e-30).log()
    maps = unmirrored(torch.cat((heatmap, labels.offset), 1)[0].numpy())
    found = decode(maps, kind)
    assert np.abs(found[:, :2] - joints[0].numpy()).max() < 0.01


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(["value", "distribution"]))
def test_decoding_what_was_encoded_gives_the_joints_back(seed, kind):
    joints = _joints(seed, 0.0, 255.0)
    labels = encode(joints, _all(), SIZE, PLAIN, "none")
    heatmap = labels.heatmap if kind == "value" else labels.heatmap.clamp_min(1e-30).log()
    found = decode(torch.cat((heatmap, labels.offset), 1)[0].numpy(), kind)
    assert np.abs(found[:, :2] - joints[0].numpy()).max() < 0.01
    assert (found[:, 2] > 0).all()
    assert (found[:, 2] <= 1).all()


def test_confidence_of_a_distribution_is_the_probability_near_the_peak():
    maps = np.zeros((24, 64, 64), np.float32)
    assert decode(maps, "distribution")[0, 2] == pytest.approx(16 / 4096)  # flat, peak in a corner
    maps[:, 30, 30] = 50.0
    assert decode(maps, "distribution")[0, 2] == pytest.approx(1.0)
    maps[:, 50, 50] = 50.0
    assert decode(maps, "distribution")[0, 2] == pytest.approx(0.5)


LEFT, RIGHT = JOINTS.index("left_ankle"), JOINTS.index("right_ankle")


def _legs(left, right, at=((40, 12), (41, 30))):
    """Maps of two ankles at two places, each with the stated probabilities there."""
    maps = np.full((24, 64, 64), -30.0, np.float32)
    maps[8:] = 0.0
    maps[:8, 5, 5] = 0.0
    for joint, shares in ((LEFT, left), (RIGHT, right)):
        maps[joint, 5, 5] = -30.0
        for (row, column), share in zip(at, shares, strict=True):
            maps[joint, row, column] = np.log(max(share, 1e-12))
    return maps


def _cells(found):
    return [tuple(np.round(found[joint, 1::-1] / 4).astype(int)) for joint in (LEFT, RIGHT)]


def test_a_pair_that_shares_two_places_gets_one_each():
    # Both prefer the first place; the right ankle is the likelier one to be at the second.
    found = decode(_legs((0.7, 0.3), (0.6, 0.4)), "distribution")
    assert _cells(found) == [(40, 12), (41, 30)]
    assert found[[LEFT, RIGHT], 2] == pytest.approx([0.7, 0.4], abs=1e-3)
    assert _cells(decode(_legs((0.6, 0.4), (0.7, 0.3)), "distribution")) == [(41, 30), (40, 12)]


def test_a_pair_at_one_place_stays_there():
    # Hardly a joint is expected at the second place: the near leg hides the far one.
    assert _cells(decode(_legs((0.9, 0.1), (0.9, 0.1)), "distribution")) == [(40, 12), (40, 12)]
    beside = ((40, 12), (41, 14))
    assert _cells(decode(_legs((0.6, 0.4), (0.6, 0.4), beside), "distribution")) == [(40, 12)] * 2


def test_a_pair_at_two_places_is_left_alone():
    assert _cells(decode(_legs((0.9, 0.1), (0.4, 0.6)), "distribution")) == [(40, 12), (41, 30)]


def test_where_the_side_is_in_doubt_the_likelier_sides_offset_counts():
    maps = _legs((0.9, 0.1), (0.55, 0.45))
    maps[8 + 2 * RIGHT, 41, 30] = 0.5
    maps[8 + 2 * LEFT, 41, 30] = -9.0
    found = decode(maps, "distribution")
    assert found[RIGHT, 0] == pytest.approx(4 * 30.5)


def test_pixels_are_normalised_and_channels_come_first():
    rgb = torch.zeros(1, 4, 6, 3, dtype=torch.uint8)
    rgb[..., 0] = 182
    pixels = Normalise()(rgb)
    assert pixels.shape == (1, 3, 4, 6)
    assert float(pixels[0, 0, 0, 0]) == pytest.approx(1.0)


def test_grey_scale_stands_in_for_depth():
    rgb = torch.tensor([255, 0, 0], dtype=torch.uint8).expand(1, 2, 2, 3)
    assert grey_depth(rgb).shape == (1, 1, 2, 2)
    assert float(grey_depth(rgb)[0, 0, 0, 0]) == pytest.approx(0.299)
