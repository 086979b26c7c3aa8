"""Leaving one subject out: nothing leaks, nothing is trained twice, one person is refused."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.refine import cross_validation
from gaitpose.refine.bilstm import BiLSTMSettings
from gaitpose.refine.cross_validation import MODELS, evaluate
from gaitpose.refine.fusion import FusionRefiner, FusionSettings, blend
from gaitpose.refine.linear import LinearSettings
from gaitpose.refine.pairs import arrays

from .squats import dataset

QUICK = FusionSettings(
    linear=LinearSettings(half_windows=(0.0,)),
    bilstm=BiLSTMSettings(steps=5, hidden=4, batch=4, members=1),
)


@pytest.fixture(scope="module")
def squats():
    return dataset(people=3, repetitions=2)


@pytest.fixture(scope="module")
def found(squats):
    return evaluate(squats, QUICK)


def test_refiners_beat_both_controls_on_people_they_never_saw(found):
    rmse = found.summary().set_index(["angle", "model"])["rmse_mean"].unstack()
    for angle in found.dataset.angles:
        assert rmse.loc[angle, "linear"] < 0.5 * rmse.loc[angle, "raw"]
        assert rmse.loc[angle, "linear"] < 0.5 * rmse.loc[angle, "mean curve"]
        assert rmse.loc[angle, "fusion"] < 0.6 * rmse.loc[angle, "raw"]


def test_raw_is_the_sensor_and_every_sequence_is_predicted(found, squats):
    for number, one in enumerate(squats.sequences):
        np.testing.assert_array_equal(found.predictions["raw"][number], one.own)
        for model in MODELS:
            assert found.predictions[model][number].shape == one.target.shape


def test_the_subject_left_out_does_not_reach_the_models(squats, found):
    """Spoiling one person's targets must not change what is predicted for that person."""
    from dataclasses import replace

    spoilt = replace(
        squats,
        sequences=tuple(
            replace(one, target=one.target + 500) if one.subject == "p0" else one
            for one in squats.sequences
        ),
    )
    again = evaluate(spoilt, QUICK)
    for number, one in enumerate(squats.sequences):
        same = all(
            np.array_equal(again.predictions[model][number], found.predictions[model][number])
            for model in MODELS
        )
        assert same == (one.subject == "p0")
    np.testing.assert_array_equal(again.shares["p0"], found.shares["p0"])


def test_tables(found):
    assert set(found.scores["model"]) == set(MODELS)
    assert len(found.scores) == 3 * 2 * 2 * len(MODELS)
    assert {"rmse_mean", "rmse_std", "cmc_mean", "cmc_std"} <= set(found.summary())
    tests = found.paired_tests()
    assert tests["subjects"].tolist() == [3, 3]
    assert tests["p_t"].between(0, 1).all()
    first = found.scores[(found.scores["model"] == "raw") & (found.scores["side"] == "left")]
    one = first[(first["subject"] == "p1") & (first["angle"] == "knee_flexion")].iloc[0]
    own = [s for s in found.dataset.sequences if s.subject == "p1" and s.side == "left"]
    error = np.concatenate([s.own[:, 1] - s.target[:, 1] for s in own])
    assert one["rmse"] == pytest.approx(float(np.sqrt(np.mean(error**2))))


def test_goes_on_where_it_stopped(squats, found, tmp_path, monkeypatch):
    done = []

    def stop_after_one(done_so_far, total):
        done.append(done_so_far)
        if done_so_far == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(squats, QUICK, work=tmp_path, progress=stop_after_one)
    # Two inner trainings and p0's own; that without p1 and p2, which p1 and p2 share.
    assert len(list(tmp_path.glob("*.npz"))) == 4
    trained = []
    fold = cross_validation._fold
    monkeypatch.setattr(
        cross_validation, "_fold", lambda *args: trained.append(args[1]) or fold(*args)
    )
    again = evaluate(squats, QUICK, work=tmp_path)
    assert trained == ["p1", "p2"]
    for number in range(len(squats.sequences)):
        np.testing.assert_array_equal(
            again.predictions["fusion"][number], found.predictions["fusion"][number]
        )
    kept = next(tmp_path.glob("*-p1.npz"))
    kept.write_bytes(b"damaged")
    with pytest.raises(UnreadableInput, match="kept training is damaged"):
        evaluate(squats, QUICK, work=tmp_path)


def test_one_person_cannot_be_left_out():
    with pytest.raises(BadSettings, match="only subject p0: leaving one out"):
        evaluate(dataset(people=1, repetitions=2), QUICK)


def test_fusion_chooses_the_better_refiner(squats):
    useless = BiLSTMSettings(steps=1, hidden=2, members=1, learning_rate=1e-9, shrinkage=1e6)
    fusion = FusionRefiner(30.0, FusionSettings(bilstm=useless)).fit(*arrays(squats.sequences))
    assert fusion.shares.tolist() == [0.0, 0.0]


def test_blend():
    a, b = [np.zeros((2, 2))], [np.ones((2, 2))]
    assert blend(a, b, np.array([0.25, 1.0]))[0].tolist() == [[0.25, 1.0], [0.25, 1.0]]
