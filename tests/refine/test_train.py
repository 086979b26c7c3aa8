"""Training on everybody: resumed where it stopped, and after an evaluation only the last step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitpose.errors import BadSettings
from gaitpose.refine import trainings
from gaitpose.refine.bilstm import BiLSTMSettings
from gaitpose.refine.cross_validation import evaluate
from gaitpose.refine.features import FeatureSettings
from gaitpose.refine.fusion import RHYTHM, FusionSettings, settings_for
from gaitpose.refine.linear import LinearSettings
from gaitpose.refine.train import train

from .squats import dataset

QUICK = FusionSettings(
    linear=LinearSettings(half_windows=(0.0,)),
    bilstm=BiLSTMSettings(steps=5, hidden=4, batch=4, members=1),
)


@pytest.fixture(scope="module")
def squats():
    return dataset(people=3, repetitions=2)


def test_interrupted_training_goes_on_and_gives_the_same(squats, tmp_path, monkeypatch):
    whole = train(squats, QUICK)
    seen = []

    def stop_after_two(done, total):
        seen.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(squats, QUICK, work=tmp_path, progress=stop_after_two)
    assert seen == [(1, 4), (2, 4)]
    calls = []
    original = trainings.share_errors
    monkeypatch.setattr(
        trainings,
        "share_errors",
        lambda *args, left_out: calls.append(left_out) or original(*args, left_out=left_out),
    )
    again = train(squats, QUICK, work=tmp_path)
    assert calls == [["p2"]]
    features = [one.features for one in squats.sequences]
    for first, second in zip(
        whole.refiner.predict(features), again.refiner.predict(features), strict=True
    ):
        np.testing.assert_array_equal(first, second)


def test_an_evaluation_has_done_the_inner_trainings(squats, tmp_path, monkeypatch):
    evaluate(squats, QUICK, work=tmp_path)
    monkeypatch.setattr(trainings, "share_errors", None)
    after = train(squats, QUICK, work=tmp_path)
    # One network either way, so that both routes judge the same models.
    np.testing.assert_array_equal(after.refiner.shares, train_alone_shares(squats, monkeypatch))


def train_alone_shares(squats, monkeypatch) -> np.ndarray:
    monkeypatch.undo()
    return train(squats, QUICK).refiner.shares


def test_one_person_is_refused():
    with pytest.raises(BadSettings, match="only subject p0"):
        train(dataset(people=1, repetitions=2), QUICK)


def test_only_features_without_a_trend_take_the_network_of_a_rhythm(squats, monkeypatch):
    rhythm = FeatureSettings(rate=50.0, with_toes=False, trend_span=1.2)
    assert settings_for(rhythm).bilstm == RHYTHM
    assert settings_for(FeatureSettings()) == settings_for(None) == FusionSettings()
    quick = RHYTHM.model_copy(update={"steps": 2, "hidden": 4, "batch": 4, "members": 2})
    monkeypatch.setattr("gaitpose.refine.fusion.RHYTHM", quick)
    trained = train(replace(squats, features=rhythm))
    assert trained.refiner.settings.bilstm == quick
