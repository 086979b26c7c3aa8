"""The result as plain data, against its schema."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from gaitpose.gait.analysis import analyze
from gaitpose.gait.result import SCHEMA_VERSION, GaitAnalysis, is_symmetry_name
from gaitpose.subject import Subject

from .clean_walks import simulated
from .test_analysis import _seen


@pytest.fixture(scope="module")
def analysis() -> GaitAnalysis:
    provenance = {"gaitpose": "0", "input": {"name": "walk"}}
    return analyze(
        _seen(simulated(60)), Subject(leg_length=0.86, identifier="A"), provenance=provenance
    )


@pytest.fixture(scope="module")
def schema() -> dict:
    text = files("gaitpose.gait").joinpath("gait.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


def test_json_is_valid_and_strict(analysis: GaitAnalysis, schema: dict) -> None:
    content = json.loads(json.dumps(analysis.to_json(), allow_nan=False))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema)
    assert (
        content["schema_version"]
        == SCHEMA_VERSION
        == schema["properties"]["schema_version"]["const"]
    )


def test_json_without_scale_or_cycles_is_valid(schema: dict) -> None:
    poses = simulated(100, strides=4).to_poses().isel(time=slice(150, 270))
    for result in (analyze(_seen(simulated(60))), analyze(poses)):
        jsonschema.validate(json.loads(json.dumps(result.to_json(), allow_nan=False)), schema)


def test_a_damaged_event_is_invalid(analysis: GaitAnalysis, schema: dict) -> None:
    content = analysis.to_json()
    content["events"][0]["kind"] = "heel_strike"
    with pytest.raises(jsonschema.ValidationError, match="heel_strike"):
        jsonschema.validate(content, schema)


def test_json_holds_the_tables(analysis: GaitAnalysis) -> None:
    content = analysis.to_json()
    assert len(content["events"]) == len(analysis.events)
    assert len(content["parameters"]) == len(analysis.parameters)
    assert len(content["cycles"]) == len(analysis.cycle_table)
    used = [cycle for cycle in content["cycles"] if cycle["used"]]
    first = used[0]
    knee = analysis.cycles.sel(side=first["side"], cycle=first["cycle"], joint="knee").values
    np.testing.assert_allclose(first["angles"]["knee"], knee, atol=0.001)
    assert content["phase_percent"] == list(np.arange(101.0))
    assert content["subject"]["identifier"] == "A"
    assert content["provenance"]["input"] == {"name": "walk"}
    names = {row["name"] for row in content["summary"]}
    assert "stride_time" in names
    assert not any(map(is_symmetry_name, names))
    assert content["symmetry"]["phase_symmetry_index_capped"]["value"] <= 1
    assert content["settings"]["events"]["strike_lead"] == 0.054


def test_importing_gait_is_cheap() -> None:
    heavy = {"scipy", "pandas", "xarray", "torch"}
    code = f"import gaitpose.gait, sys; print([m for m in {sorted(heavy)!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
