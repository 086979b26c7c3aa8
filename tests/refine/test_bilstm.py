"""The BiLSTM learns what a linear map cannot, the same way each time."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch

from gaitpose.refine.bilstm import MEAN_ONLY, BiLSTMRefiner, BiLSTMSettings
from gaitpose.refine.linear import LinearRefiner
from gaitpose.refine.sequences import root_mean_square

SMALL = BiLSTMSettings(
    hidden=16, steps=150, batch=16, frames=40, members=1, noise=0.02, offset=0.02, dropout=0.0,
    weight_decay=0.0, learning_rate=2e-2,
)  # fmt: skip


def _nonlinear(seed: int, count: int = 24):
    """A target that turns on the sign of its source: no linear map follows it."""
    rng = np.random.default_rng(seed)
    sequences, targets, groups = [], [], []
    for number in range(count):
        frames = int(rng.integers(40, 60))
        phase = rng.uniform(0, 2 * np.pi)
        wave = np.sin(np.linspace(0, 4 * np.pi, frames) + phase)
        sequences.append(np.stack([wave, rng.normal(size=frames)], axis=1))
        targets.append(20 * np.abs(wave)[:, None])
        groups.append(f"p{number % 4}")
    return sequences, targets, groups


def test_beats_the_linear_refiner_where_the_map_is_not_linear():
    train, test = _nonlinear(0), _nonlinear(1)
    errors = []
    for refiner in (LinearRefiner(30.0), BiLSTMRefiner(30.0, SMALL)):
        predicted = refiner.fit(*train).predict(test[0])
        pairs = zip(predicted, test[1], strict=True)
        errors.append(float(root_mean_square([a - b for a, b in pairs])[0]))
    linear, bilstm = errors
    assert linear > 5
    assert bilstm < 0.5 * linear


def test_same_data_same_weights_and_the_callers_random_numbers_are_left_alone():
    train = _nonlinear(0, 8)
    quick = SMALL.model_copy(update={"steps": 5})
    torch.manual_seed(123)
    before = torch.rand(3)
    torch.manual_seed(123)
    first = BiLSTMRefiner(30.0, quick).fit(*train).predict(train[0])
    assert torch.equal(torch.rand(3), before)
    second = BiLSTMRefiner(30.0, quick).fit(*train).predict(train[0])
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_missing_targets_are_not_learnt_from():
    sequences, targets, groups = _nonlinear(0, 8)
    holed = [target.copy() for target in targets]
    for target in holed:
        target[::3] = np.nan
    quick = SMALL.model_copy(update={"steps": 5})
    refiner = BiLSTMRefiner(30.0, quick).fit(sequences, holed, groups)
    for predicted in refiner.predict(sequences):
        assert np.isfinite(predicted).all()


def test_sequences_of_one_frame_and_of_a_thousand():
    sequences, targets, groups = _nonlinear(0, 8)
    quick = SMALL.model_copy(update={"steps": 2})
    refiner = BiLSTMRefiner(30.0, quick).fit(sequences, targets, groups)
    short, long = refiner.predict([sequences[0][:1], np.zeros((1000, 2))])
    assert short.shape == (1, 1)
    assert long.shape == (1000, 1)


@pytest.mark.slow
def test_ten_thousand_frames_a_second():
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(80, 71)) for _ in range(20)]
    targets = [rng.normal(size=(80, 5)) for _ in range(20)]
    refiner = BiLSTMRefiner(30.0, BiLSTMSettings(steps=2))
    refiner.fit(sequences, targets, ["a", "b"] * 10)
    many = [rng.normal(size=(80, 71)) for _ in range(200)]
    start = time.perf_counter()
    refiner.predict(many)
    assert 200 * 80 / (time.perf_counter() - start) > 10_000


def test_a_penalty_of_mean_only_leaves_the_mean_beneath_the_network():
    sequences, targets, groups = _nonlinear(0, 8)
    settings = SMALL.model_copy(update={"steps": 1, "shrinkage": MEAN_ONLY})
    refiner = BiLSTMRefiner(30.0, settings).fit(sequences, targets, groups)
    mean = np.concatenate(targets).mean()
    for beneath in refiner.linear.predict(sequences):
        np.testing.assert_allclose(beneath, mean, atol=1e-3)
