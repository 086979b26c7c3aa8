import math

import pytest
import torch

from gaitpose.pose.codec import ABSENT, PRESENT, UNKNOWN, CodecSettings
from gaitpose.pose.labels import encode
from gaitpose.pose.network import Maps
from gaitpose.training.losses import (
    LossSettings,
    compute_losses,
    depth_loss,
    distribution_loss,
    guidance_loss,
    lesson_loss,
    offset_loss,
    value_loss,
)

CODEC = CodecSettings()
SIZE = (32, 32)


def _labels(state):
    joints = torch.linspace(20, 100, 16).view(1, 8, 2)
    return encode(joints, state, SIZE, CODEC, "mask")


def _state(value=PRESENT):
    return torch.full((1, 8), value)


def test_equation_5_weighs_the_mean_errors_16_4_1_2():
    labels = _labels(_state())
    depth = torch.rand(1, 1, 128, 128)
    maps = Maps(labels.heatmap + 0.1, labels.offset + 0.2, labels.jgs + 0.3, depth + 0.5)
    losses = compute_losses(maps, labels, _state(), depth, "value", LossSettings())
    assert float(losses["heatmap"]) == pytest.approx(16 * 0.01, rel=1e-4)
    assert float(losses["jgs"]) == pytest.approx(4 * 0.09, rel=1e-4)
    assert float(losses["depth"]) == pytest.approx(1 * 0.25, rel=1e-4)
    assert float(losses["offset"]) == pytest.approx(2 * 0.04, rel=1e-4)
    assert float(losses["total"]) == pytest.approx(0.16 + 0.36 + 0.25 + 0.08, rel=1e-4)


def test_unlabelled_joints_contribute_nothing():
    state = _state()
    state[0, 2] = UNKNOWN
    labels = _labels(state)
    heatmap = labels.heatmap.clone()
    heatmap[0, 2] = 5.0
    assert float(value_loss(heatmap, labels.heatmap, state)) == 0
    logits = torch.zeros_like(heatmap)
    before = distribution_loss(logits, labels.heatmap, state, LossSettings())
    logits[0, 2, 3, 3] = 100.0
    after = distribution_loss(logits, labels.heatmap, state, LossSettings())
    assert float(after) == pytest.approx(float(before))
    offset = labels.offset.clone()
    offset[0, 4:6] = 100.0
    assert float(offset_loss(offset, labels)) == 0


def test_offset_counts_only_inside_the_positive_region():
    labels = _labels(_state())
    offset = torch.where(labels.positive.repeat_interleave(2, 1), labels.offset, 1e3)
    assert float(offset_loss(offset, labels)) == 0


def test_guidance_counts_only_known_bones():
    state = _state()
    state[0, 0] = UNKNOWN  # left shoulder: bones 0 and 2
    labels = _labels(state)
    guidance = labels.jgs.clone()
    guidance[0, [0, 2]] = 9.0
    assert float(guidance_loss(guidance, labels.jgs, labels.bone_known)) == 0


def test_flat_logits_cost_the_logarithm_of_the_cells():
    loss = distribution_loss(
        torch.zeros(1, 8, 32, 32), _labels(_state()).heatmap, _state(), LossSettings()
    )
    assert float(loss) == pytest.approx(math.log(1024), rel=1e-5)


def test_the_label_itself_is_the_best_distribution():
    label = _labels(_state()).heatmap
    exact = distribution_loss(label.clamp_min(1e-20).log(), label, _state(), LossSettings())
    blurred = distribution_loss(0.8 * label.clamp_min(1e-20).log(), label, _state(), LossSettings())
    assert float(exact) < float(blurred)


def test_absent_joints_must_be_flat():
    state = _state(ABSENT)
    label = _labels(state).heatmap
    settings = LossSettings(absent=0.5)
    assert float(distribution_loss(torch.ones(1, 8, 32, 32), label, state, settings)) == (
        pytest.approx(0.0, abs=1e-5)
    )
    peaked = torch.zeros(1, 8, 32, 32)
    peaked[..., 4, 4] = 20.0
    assert float(distribution_loss(peaked, label, state, settings)) > 1.0


def test_a_label_against_all_evidence_pulls_less_when_robust():
    label = _labels(_state()).heatmap
    wrong = torch.zeros(1, 8, 32, 32)
    wrong[..., 31, 0] = 40.0
    pulls = []
    for limit in (math.inf, 5.0):
        logits = wrong.clone().requires_grad_(True)
        distribution_loss(logits, label, _state(), LossSettings(robust_above=limit)).backward()
        pulls.append(float(logits.grad.abs().sum()))
    assert pulls[1] < 0.2 * pulls[0]
    near = torch.zeros(1, 8, 32, 32) + 3 * label
    plain, robust = (
        distribution_loss(near, label, _state(), LossSettings(robust_above=limit))
        for limit in (math.inf, 8.0)
    )
    assert float(plain) == pytest.approx(float(robust))


def test_depth_counts_only_where_it_is_known():
    depth = torch.full((1, 1, 4, 4), float("nan"))
    depth[..., 0] = 0.5
    assert float(depth_loss(torch.full((1, 1, 4, 4), 0.7), depth)) == pytest.approx(0.04)
    assert float(depth_loss(torch.ones(1, 1, 4, 4), torch.full((1, 1, 4, 4), float("nan")))) == 0


def test_a_lesson_is_the_divergence_from_the_elders_distribution():
    elder = torch.zeros(1, 8, 1, 2)
    elder[..., 0] = math.log(3.0)  # shares 3/4 and 1/4
    flat = torch.zeros(1, 8, 1, 2)
    expected = 0.75 * math.log(0.75 / 0.5) + 0.25 * math.log(0.25 / 0.5)
    assert float(lesson_loss(flat, elder)) == pytest.approx(expected, rel=1e-5)
    assert float(lesson_loss(elder + 2.0, elder)) == pytest.approx(0, abs=1e-6)


def test_an_elder_takes_its_share_from_the_label():
    labels, state = _labels(_state()), _state()
    logits = torch.randn(1, 8, *SIZE, generator=torch.Generator().manual_seed(0))
    maps = Maps(logits, labels.offset, None, None)
    depth = torch.full((1, 1, 128, 128), float("nan"))
    settings = LossSettings(heatmap=2.0, lesson=0.25)
    alone = compute_losses(maps, labels, state, depth, "distribution", settings)
    assert "lesson" not in alone
    elder = torch.zeros_like(logits)
    taught = compute_losses(maps, labels, state, depth, "distribution", settings, elder)
    assert float(taught["heatmap"]) == pytest.approx(0.75 * float(alone["heatmap"]), rel=1e-5)
    assert float(taught["lesson"]) == pytest.approx(
        0.25 * 2.0 * float(lesson_loss(logits, elder)), rel=1e-5
    )
    assert float(taught["total"]) == pytest.approx(
        float(taught["heatmap"] + taught["lesson"] + taught["offset"]), rel=1e-5
    )
