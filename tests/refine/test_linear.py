"""The linear refiner finds a known map, and chooses by people."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.refine.linear import LinearRefiner, LinearSettings


def _sequences(seed: int = 0, people: int = 4):
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(5, 2))
    sequences, targets, groups = [], [], []
    for person in range(people):
        for _ in range(3):
            features = rng.normal(size=(int(rng.integers(30, 60)), 5)) * [1, 10, 0.1, 3, 1] + 7
            sequences.append(features)
            targets.append(features @ weights + [10, -5])
            groups.append(f"p{person}")
    return sequences, targets, groups


def test_recovers_a_linear_map_whatever_the_scales():
    sequences, targets, groups = _sequences()
    settings = LinearSettings(half_windows=(0.0,), penalties=(1e-8,))
    refiner = LinearRefiner(30.0, settings).fit(sequences, targets, groups)
    for predicted, target in zip(refiner.predict(sequences), targets, strict=True):
        np.testing.assert_allclose(predicted, target, atol=1e-4)


def test_chooses_the_window_that_the_target_needs():
    rng = np.random.default_rng(5)
    sequences, targets, groups = [], [], []
    for number in range(12):
        source = rng.normal(size=60)
        sequences.append(source[:, None])
        # The target is the source six frames (0.2 s) later, in one angle only.
        late = np.concatenate([source[6:], np.zeros(6)])
        targets.append(np.stack([source, late], axis=1))
        groups.append(f"p{number % 4}")
    settings = LinearSettings(half_windows=(0.0, 0.2), taps=1, penalties=(0.001, 1.0))
    refiner = LinearRefiner(30.0, settings).fit(sequences, targets, groups)
    assert refiner.models[0].offsets.tolist() == [0]
    assert refiner.models[1].offsets.tolist() == [-6, 0, 6]
    assert refiner.models[1].penalty == 0.001


def test_strong_penalty_wins_where_people_differ():
    rng = np.random.default_rng(6)
    sequences, targets, groups = [], [], []
    for person in range(5):
        # Within a person the features tell all, by weights that no two people share.
        weights = rng.normal(size=(20, 1))
        for _ in range(3):
            features = rng.normal(size=(30, 20))
            sequences.append(features)
            targets.append(features @ weights)
            groups.append(f"p{person}")
    settings = LinearSettings(half_windows=(0.0,), penalties=(1e-6, 100.0))
    refiner = LinearRefiner(30.0, settings).fit(sequences, targets, groups)
    assert refiner.models[0].penalty == 100.0


def test_missing_targets_and_features():
    sequences, targets, groups = _sequences()
    settings = LinearSettings(half_windows=(0.0,), penalties=(1e-8,))
    gone = [target.copy() for target in targets]
    gone[0][5:20, 1] = np.nan
    refiner = LinearRefiner(30.0, settings).fit(sequences, gone, groups)
    np.testing.assert_allclose(refiner.predict(sequences)[0], targets[0], atol=1e-4)
    holed = sequences[0].copy()
    holed[3, 2] = np.nan
    assert np.isfinite(refiner.predict([holed])[0]).all()


def test_one_person_is_enough_to_fit():
    sequences, targets, _ = _sequences(people=1)
    refiner = LinearRefiner(30.0).fit(sequences, targets, ["p"] * len(sequences))
    assert len(refiner.models) == 2


def test_pairs_that_do_not_fit_are_refused():
    sequences, targets, groups = _sequences()
    with pytest.raises(BadSettings, match="frames of features but"):
        LinearRefiner(30.0).fit([sequences[0][:-1], *sequences[1:]], targets, groups)
    with pytest.raises(BadSettings, match="equally many"):
        LinearRefiner(30.0).fit(sequences, targets, groups[:-1])
    nothing = [np.full_like(target, np.nan) for target in targets]
    with pytest.raises(BadSettings, match="missing everywhere"):
        LinearRefiner(30.0).fit(sequences, nothing, groups)
    refiner = LinearRefiner(30.0).fit(sequences, targets, groups)
    with pytest.raises(UnreadableInput, match=r"is not \(frames, 5 features\)"):
        refiner.predict([np.zeros((10, 4))])
