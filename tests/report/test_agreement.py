"""Pages of agreement and refinement: what is drawn is also written, and equals the samples."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from gaitpose.agreement.compare import compare
from gaitpose.agreement.recording import AngleRecording
from gaitpose.refine.cross_validation import MODELS, Evaluation, _scores
from gaitpose.refine.pairs import Dataset, PairedSequence
from gaitpose.report.agreement import write_agreement, write_evaluation

CYCLES = 6


def _recording(name: str, offset: float, with_strikes: bool = True) -> AngleRecording:
    time = np.arange(100 * CYCLES + 1) / 100
    knee = 30 - 28 * np.cos(2 * np.pi * time) + 2 * np.sin(7 * time) * (offset > 0)
    # From 40 to 60 % of the cycle ours is too high by the offset.
    bump = ((time % 1 > 0.4) & (time % 1 < 0.6)).astype(float)
    knee = knee + offset * np.convolve(bump, np.ones(11) / 11, "same")
    strikes = pd.DataFrame(
        [("left", "foot_strike", float(number)) for number in range(CYCLES + 1)],
        columns=["side", "kind", "time_s"],
    )
    angles = xr.DataArray(
        np.stack([knee, np.full_like(knee, np.nan)], axis=1)[:, :, None],
        dims=("time", "side", "joint"),
        coords={"time": time, "side": ["left", "right"], "joint": ["knee"]},
    )
    return AngleRecording(name, angles, strikes if with_strikes else strikes.iloc[:0])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agreement")
    write_agreement(compare(_recording("</script>ours", 20.0), _recording("lab", 0.0)), folder)
    return folder


def test_every_figure_has_its_image_and_its_samples(written):
    names = {path.name for path in (written / "figures").iterdir()}
    assert names == {"knee-curves.svg", "knee-difference.svg", "knee-bland-altman.svg"}
    page = (written / "agreement.html").read_text()
    for name in ("curves.csv", "samples.csv", "angles.csv"):
        assert f'href="{name}"' in page
        assert (written / name).exists()
    assert not (written / "parameters.csv").exists()


def test_curves_hold_mean_difference_and_where_the_map_finds_one(written):
    curves = pd.read_csv(written / "curves.csv").set_index("percent")
    # The first strike and the last lie at the edges, where a shift of the clock cuts cycles off.
    assert CYCLES - 2 <= curves["cycles"].iloc[0] <= CYCLES
    assert curves.loc[50, "difference_mean_deg"] == pytest.approx(20, abs=2)
    assert curves.loc[50, "differs"]
    assert not curves.loc[10, "differs"]
    assert curves.loc[10, "reference_mean_deg"] == pytest.approx(30 - 28 * np.cos(0.2 * np.pi))


def test_samples_give_the_rmse_of_the_table(written):
    samples = pd.read_csv(written / "samples.csv")
    table = pd.read_csv(written / "angles.csv")
    assert len(samples) == table["samples"].iloc[0]
    rmse = float(np.sqrt((samples["difference_deg"] ** 2).mean()))
    assert rmse == pytest.approx(table["rmse"].iloc[0])
    assert samples["mean_deg"].iloc[7] == pytest.approx(
        (samples["ours_deg"].iloc[7] + samples["reference_deg"].iloc[7]) / 2
    )


def test_page_fetches_nothing_and_draws_without_webgl(written):
    page = (written / "agreement.html").read_text()
    assert "default-src 'none'" in page
    plots = re.findall(r'<script type="application/json" id="([^"]+)">(.*?)</script>', page)
    assert [name for name, _ in plots] == [
        "knee-curves-left", "knee-difference-left", "knee-bland-altman-left",
    ]  # fmt: skip
    figures = [json.loads(text.replace("<\\/", "</")) for _, text in plots]
    assert {trace["type"] for figure in figures for trace in figure["data"]} == {"scatter"}
    assert "</script>ours" in {trace.get("name") for trace in figures[0]["data"]}


def test_table_for_a_paper(written):
    page = (written / "agreement.html").read_text()
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]*)</th>", page)
    assert heads[:6] == [
        "angle", "side", "cycles", "RMSE (°)", "RMSE without offset (°)",
        "bias [95 % limits of agreement] (°)",
    ]  # fmt: skip
    row = pd.read_csv(written / "angles.csv").iloc[0]
    limits = f"{row['bias']:.1f} [{row['limit_low']:.1f}, {row['limit_high']:.1f}]"
    assert f">{limits}</td>" in page
    assert page.count("data-copy=") == 2


def test_without_strikes_the_curves_are_over_time(tmp_path):
    one = _recording("ours", 5.0, with_strikes=False)
    write_agreement(compare(one, _recording("lab", 0.0, with_strikes=False)), tmp_path)
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert names == {"knee-curves.svg", "knee-bland-altman.svg"}
    assert not (tmp_path / "curves.csv").exists()
    assert "No whole cycle" in (tmp_path / "agreement.html").read_text()


def test_evaluation_draws_each_movement_over_its_repetitions(tmp_path):
    found = _evaluation()
    write_evaluation(found, tmp_path)
    curves = pd.read_csv(tmp_path / "curves.csv")
    assert set(curves["movement"]) == {"squat", "walk"}
    reference = curves[(curves["movement"] == "walk") & (curves["source"] == "reference")]
    # Two cycles of a sine in each sequence: one cycle is drawn, frames that are not judged are not.
    expected = 30 * np.sin(2 * np.pi * reference["percent"] / 100)
    np.testing.assert_allclose(reference["mean_deg"], expected, atol=0.1)
    assert reference["people"].unique().tolist() == [2]
    table = pd.read_csv(tmp_path / "by_movement.csv").set_index(["movement", "model"])
    assert table.loc[("walk", "fusion"), "rmse_mean"] == pytest.approx(1.0)
    assert table.loc[("squat", "fusion"), "rmse_mean"] == pytest.approx(2.0)
    assert (tmp_path / "figures" / "knee-flexion.svg").exists()
    page = (tmp_path / "refinement.html").read_text()
    assert "clock was shifted by -31 to +20 ms" in page


def _evaluation() -> Evaluation:
    """Predictions that are off by 1 degree in walking and by 2 in squats; 50 where not judged."""
    turns = np.arange(101) / 50
    wave = 30 * np.sin(2 * np.pi * turns)[:, None]
    sequences, curves = [], []
    for subject in ("p0", "p1"):
        for movement, error in (("walk", 1.0), ("squat", 2.0)):
            is_walk = movement == "walk"
            target = np.concatenate([np.zeros((10, 1)), wave]) if is_walk else wave
            one = PairedSequence(
                subject,
                f"{subject} {movement}",
                "left",
                np.zeros((len(target), 2)),
                target,
                target,
                0.02 if is_walk else -0.031,
                movement,
                (10, 111) if is_walk else None,
                ((10, 61), (60, 111)) if is_walk else (),
            )
            sequences.append(one)
            off = np.full_like(target, error)
            off[: 10 * is_walk] = 50
            curves.append(target + off)
    dataset = Dataset("test", 50.0, ("a", "b"), ("knee_flexion",), None, tuple(sequences))
    predictions = dict.fromkeys(MODELS, curves)
    shares = {subject: np.ones(1) for subject in dataset.subjects}
    return Evaluation(
        dataset, predictions, shares, _scores(dataset, predictions, range(len(sequences)))
    )
