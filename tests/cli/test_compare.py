"""``gaitpose compare``: a table on the screen, files in a folder, one line for a mistake."""

from __future__ import annotations

import numpy as np
import pandas as pd
from typer.testing import CliRunner

from gaitpose.cli.main import app

RUNNER = CliRunner()


def _write(path, offset):
    time = np.arange(300) / 100
    knee = 30 - 28 * np.cos(2 * np.pi * time / 1.1) + 2 * time + offset
    pd.DataFrame({"time": time, "left_knee": knee}).to_csv(path, index=False)
    return str(path)


def test_prints_and_writes(tmp_path):
    ours, reference = _write(tmp_path / "a.csv", 0), _write(tmp_path / "b.csv", 5)
    out = tmp_path / "out"
    result = RUNNER.invoke(app, ["compare", ours, reference, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "knee" in result.output
    assert "5.0" in result.output
    assert (out / "agreement.html").exists()


def test_mistakes_are_one_line(tmp_path):
    ours = _write(tmp_path / "a.csv", 0)
    for words, message in (
        ([ours, str(tmp_path / "none.mot")], "no such file"),
        ([ours, ours, "--align", "events"], "no foot strikes"),
    ):
        result = RUNNER.invoke(app, ["compare", *words, "--out", str(tmp_path / "out")])
        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stderr.count("\n") == 1
