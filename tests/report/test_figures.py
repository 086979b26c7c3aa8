"""Figures for print show the numbers, and touch no global state."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest

import gaitpose
from gaitpose.report import content, figures, tables
from gaitpose.report.palette import SIDE_COLOUR


def test_a_line_a_side_and_joint_with_the_means(analysis: gaitpose.Analysis) -> None:
    table = content.curve_table(analysis)
    table = table[table["joint"].isin(["hip", "knee"])]
    figure = figures.joint_curves(table, {"left": 60.0, "right": 61.0})
    assert len(figure.axes) == 2
    knee = figure.axes[1]
    for side in ("left", "right"):
        line = next(
            each
            for each in knee.lines
            if each.get_color() == SIDE_COLOUR[side] and len(each.get_xdata()) == 101
        )
        own = table[(table["joint"] == "knee") & (table["side"] == side)]
        np.testing.assert_array_equal(line.get_ydata(), own["mean_deg"])


def test_strikes_are_marked_on_the_angle(analysis: gaitpose.Analysis) -> None:
    angles = tables.angle_table(analysis)
    figure = figures.angles_over_time(angles, analysis.events)
    marks = next(line for line in figure.axes[1].lines if line.get_marker() == "o")
    left = analysis.events[
        (analysis.events["side"] == "left") & (analysis.events["kind"] == "foot_strike")
    ]
    np.testing.assert_array_equal(marks.get_xdata(), left["time_s"])


def test_drawing_leaves_the_users_settings_alone(analysis: gaitpose.Analysis) -> None:
    keys = [key for key in mpl.rcParams if key != "backend"]  # reading it would choose one
    before = [mpl.rcParams[key] for key in keys]
    stances = content.stance_table(analysis)
    excluded = analysis.cycle_table[~analysis.cycle_table["used"]]
    figure = figures.event_timeline(analysis.events, stances, excluded, (0.0, 8.0))
    assert figures.svg_text(figure).startswith("<?xml")
    assert [mpl.rcParams[key] for key in keys] == before


@pytest.mark.parametrize("module", ["gaitpose.report", "gaitpose.workflow"])
def test_pyplot_is_never_imported(module: str) -> None:
    code = f"import sys, {module}; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
