"""CSV files hold what the analysis holds, to the last digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gaitpose
from gaitpose.report import content
from gaitpose.report.tables import write_tables
from gaitpose.skeleton import SIDES


@pytest.fixture(scope="module")
def written(analysis: gaitpose.Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    names = [path.name for path in write_tables(analysis, folder)]
    assert names == ["angles.csv", "parameters.csv", "events.csv", "cycles.csv", "curves.csv"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    return folder


def test_angles_read_back_equal(analysis: gaitpose.Analysis, written: Path) -> None:
    table = pd.read_csv(written / "angles.csv")
    np.testing.assert_allclose(table["time_s"], analysis.angles["time"], rtol=1e-12)
    for side in SIDES:
        np.testing.assert_allclose(
            table[f"{side}_knee_deg"], analysis.angles.sel(side=side, joint="knee"), rtol=1e-12
        )


@pytest.mark.parametrize("name", ["parameters", "events"])
def test_tables_read_back_equal(name: str, analysis: gaitpose.Analysis, written: Path) -> None:
    pd.testing.assert_frame_equal(
        pd.read_csv(written / f"{name}.csv"), getattr(analysis, name), check_dtype=False
    )


def test_parameters_are_tidy(written: Path) -> None:
    table = pd.read_csv(written / "parameters.csv")
    assert list(table) == ["name", "side", "cycle", "value", "unit"]
    assert not table.duplicated(["name", "side", "cycle"]).any()
    assert {"stride_time", "stride_length", "cadence", "speed", "knee_range"} <= set(table["name"])


def test_cycles_are_those_used(analysis: gaitpose.Analysis, written: Path) -> None:
    table = pd.read_csv(written / "cycles.csv")
    used = analysis.cycle_table[analysis.cycle_table["used"]]
    assert len(table) == 101 * len(used)
    side, cycle = used["side"].iloc[0], used["cycle"].iloc[0]
    own = table[(table["side"] == side) & (table["cycle"] == cycle)]
    np.testing.assert_allclose(
        own["knee_deg"], analysis.cycles.sel(side=side, cycle=cycle, joint="knee"), rtol=1e-12
    )


def test_mean_curves_are_the_means_of_the_cycles(
    analysis: gaitpose.Analysis, written: Path
) -> None:
    cycles, curves = (pd.read_csv(written / f"{name}.csv") for name in ("cycles", "curves"))
    for side in SIDES:
        each = cycles[cycles["side"] == side].pivot(
            index="cycle", columns="percent", values="knee_deg"
        )
        own = curves[(curves["side"] == side) & (curves["joint"] == "knee")]
        assert (own["cycles"] == len(each)).all()
        np.testing.assert_allclose(own["mean_deg"], each.mean(), rtol=1e-9)
        np.testing.assert_allclose(own["sd_deg"], each.std(ddof=1), rtol=1e-9)


def test_norm_band_surrounds_a_healthy_knee_in_swing(analysis: gaitpose.Analysis) -> None:
    table = content.curve_table(analysis)
    knee = table[(table["joint"] == "knee") & (table["percent"] == 72)]
    assert (knee["norm_low_deg"] < 62).all()
    assert (knee["norm_high_deg"] > 55).all()
    assert table.loc[table["joint"] == "trunk", "norm_low_deg"].isna().all()


def test_no_band_without_a_speed_in_metres(without_length: gaitpose.Analysis) -> None:
    assert content.curve_table(without_length)["norm_low_deg"].isna().all()
