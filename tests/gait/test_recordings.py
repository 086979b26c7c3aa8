"""Events and times on real recordings with known answers, through the scripts of the benchmarks."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"

pytestmark = pytest.mark.slow


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.mark.parametrize("points", ["heel, toe", "8 joints"])
def test_force_plates(benchmark, shared_data: Path, points: str) -> None:
    plates = benchmark("gait_force_plates")
    errors = plates.compare_trials(shared_data / "gait" / "mocap_force_plates")
    judged = errors[~errors.trial.isin(plates.CALIBRATION) & (errors.points == points)]
    assert judged.error_s.notna().all()
    median = judged.error_s.abs().groupby(judged.kind).median()
    assert median["foot_strike"] <= 0.020
    assert median["foot_off"] <= 0.030


@pytest.mark.parametrize("view", ["3-D", "side camera"])
def test_events_of_c3d_files(benchmark, shared_data: Path, view: str) -> None:
    errors = benchmark("gait_c3d").compare_files(shared_data / "gait" / "plug_in_gait_c3d")
    judged = errors[(errors["view"] == view) & (errors.kind == "foot_strike")]
    assert judged.error_s.notna().all()
    frames = (judged.error_s * judged.rate).abs()
    assert (frames.groupby(judged.file).median().round() <= 1).all()
    assert frames.max() < 2


def test_video3d_against_a_wearable(benchmark, shared_data: Path) -> None:
    script = benchmark("gait_video3d_imu")
    people = json.loads(script.SPLIT.read_text())["report"]
    trials = script.compare_trials(shared_data / "gait" / "video3d_imu_walking", people)
    found = script.agreement(trials)
    assert found["failed"] == 0
    assert found["stride_time_mae_ms"] <= 12
    assert found["stride_time_r"] >= 0.99
    assert found["cadence_mae"] <= 0.8
    assert found["stance_time_mae_ms"] <= 15
