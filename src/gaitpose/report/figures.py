"""The figures for print, in Matplotlib: vector graphics without any global plotting state.

Each function takes the tables of :mod:`gaitpose.report.content` and returns a
:class:`matplotlib.figure.Figure` of its own; ``pyplot`` and its back-ends stay untouched.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gaitpose.report.content import TIME_JOINTS, Row
from gaitpose.report.names import JOINTS, POSITIVE
from gaitpose.report.palette import (
    GRID_COLOUR,
    MUTED_COLOUR,
    NORM_COLOUR,
    SIDE_COLOUR,
    SIDE_LINE,
    TEXT_COLOUR,
)
from gaitpose.skeleton import SIDES, Side

PRINT_STYLE: Any = {
    "font.family": "sans-serif",
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.edgecolor": MUTED_COLOUR,
    "axes.labelcolor": TEXT_COLOUR,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID_COLOUR,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "legend.frameon": False,
    "text.color": TEXT_COLOUR,
    "xtick.color": MUTED_COLOUR,
    "ytick.color": MUTED_COLOUR,
    # Text stays text: smaller files that can be searched and edited.
    "svg.fonttype": "none",
    "svg.hashsalt": "gaitpose",
}

WIDTH_INCHES = 7.2
"""Text width of an A4 page."""

MARGIN_INCHES = 0.16

MAX_COLUMNS = 3


@dataclass(frozen=True)
class Layout:
    """Sizes of a figure's panels in inches; set by hand, as fitting them takes half the time.

    Parameters
    ----------
    height : float
        Of a panel.
    left : float
        Room for the vertical axis, left of each panel.
    title, below : float
        Room above each panel, and below the last row.
    gap : float or None
        Between the rows; None leaves room for a horizontal axis and a title.
    """

    height: float
    left: float = 0.62
    title: float = 0.3
    below: float = 0.45
    gap: float | None = None


def _panels(rows: int, columns: int, layout: Layout) -> tuple[Figure, list[Axes]]:
    gap = layout.title + 0.45 if layout.gap is None else layout.gap
    height = layout.title + rows * layout.height + (rows - 1) * gap + layout.below
    width = (WIDTH_INCHES - MARGIN_INCHES) / columns - layout.left
    figure = Figure(figsize=(WIDTH_INCHES, height))
    panels = figure.subplots(
        rows,
        columns,
        squeeze=False,
        gridspec_kw={
            "left": layout.left / WIDTH_INCHES,
            "right": 1 - MARGIN_INCHES / WIDTH_INCHES,
            "bottom": layout.below / height,
            "top": 1 - layout.title / height,
            "wspace": layout.left / width,
            "hspace": gap / layout.height,
        },
    )
    return figure, list(panels.ravel())


def joint_curves(curves: pd.DataFrame, foot_off: Mapping[Side, float]) -> Figure:
    """Mean and SD of every joint angle over the gait cycle, with the usual band.

    Parameters
    ----------
    curves : pandas.DataFrame
        From :func:`gaitpose.report.content.curve_table`.
    foot_off : mapping of side to float
        Percent of the cycle.
    """
    joints = list(dict.fromkeys(curves["joint"]))
    with rc_context(PRINT_STYLE):
        columns = len(joints) if len(joints) <= MAX_COLUMNS else 2
        rows = -(-len(joints) // columns)
        figure, panels = _panels(rows, columns, Layout(height=1.75, title=0.3, below=0.72))
        for axes, joint in zip(panels, joints, strict=False):
            _draw_joint(axes, curves[curves["joint"] == joint], joint)
            for side, percent in foot_off.items():
                axes.axvline(percent, color=SIDE_COLOUR[side], linestyle=":", linewidth=0.9)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="lower center", ncols=len(labels))
    return figure


def _draw_joint(axes: Axes, curves: pd.DataFrame, joint: str) -> None:
    norm = curves[curves["side"] == curves["side"].iloc[0]]
    if norm["norm_low_deg"].notna().any():
        axes.fill_between(
            norm["percent"],
            norm["norm_low_deg"],
            norm["norm_high_deg"],
            color=NORM_COLOUR,
            alpha=0.55,
            linewidth=0,
            label="usual",
        )
    for side in SIDES:
        own = curves[curves["side"] == side]
        if own.empty:
            continue
        low, high = own["mean_deg"] - own["sd_deg"], own["mean_deg"] + own["sd_deg"]
        axes.fill_between(
            own["percent"], low, high, color=SIDE_COLOUR[side], alpha=0.18, linewidth=0
        )
        axes.plot(
            own["percent"],
            own["mean_deg"],
            SIDE_LINE[side],
            color=SIDE_COLOUR[side],
            label=f"{side} (mean ± SD, n = {own['cycles'].iloc[0]})",
        )
    axes.axhline(0, color=MUTED_COLOUR, linewidth=0.7)
    axes.set_title(JOINTS[joint])
    axes.set_xlim(0, 100)
    axes.set_xlabel("gait cycle (%)")
    axes.set_ylabel(f"{POSITIVE[joint]} + (°)")


def event_timeline(
    events: pd.DataFrame,
    stances: pd.DataFrame,
    excluded: pd.DataFrame,
    span: tuple[float, float],
) -> Figure:
    """Bars of stance for each foot over the recording, with what was left out in grey.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``side, kind, time_s``: marked by ticks, also where no stance is complete.
    stances : pandas.DataFrame
        From :func:`gaitpose.report.content.stance_table`.
    excluded : pandas.DataFrame
        Columns ``side, start_s, end_s`` of the cycles left out.
    span : (float, float)
        First and last second of the recording.
    """
    with rc_context(PRINT_STYLE):
        figure, (axes,) = _panels(1, 1, Layout(height=1.0, left=0.9, title=0.08))
        for row, side in enumerate(reversed(SIDES)):
            for table, colour, height in (
                (excluded, NORM_COLOUR, 0.86),
                (stances, SIDE_COLOUR[side], 0.56),
            ):
                own = table[table["side"] == side]
                spans = list(zip(own["start_s"], own["end_s"] - own["start_s"], strict=True))
                axes.broken_barh(spans, (row - height / 2, height), facecolors=colour)
            times = events.loc[events["side"] == side, "time_s"]
            axes.vlines(times, row - 0.36, row + 0.36, color=TEXT_COLOUR, linewidth=0.8)
        axes.set_yticks(range(len(SIDES)), [f"{side} foot" for side in reversed(SIDES)])
        axes.set_ylim(-0.55, 1.55)
        axes.set_xlim(*span)
        axes.set_xlabel("time (s)")
        axes.grid(visible=False, axis="y")
    return figure


def angles_over_time(angles: pd.DataFrame, events: pd.DataFrame) -> Figure:
    """Every joint angle over the whole recording, foot strikes marked.

    Parameters
    ----------
    angles : pandas.DataFrame
        From :func:`gaitpose.report.tables.angle_table`.
    events : pandas.DataFrame
        Columns ``side, kind, time_s``.
    """
    joints = [joint for joint in TIME_JOINTS if f"left_{joint}_deg" in angles]
    with rc_context(PRINT_STYLE):
        figure, panels = _panels(len(joints), 1, Layout(height=1.15, title=0.08, gap=0.12))
        for axes, joint in zip(panels, joints, strict=True):
            axes.tick_params(labelbottom=axes is panels[-1])
            axes.set_xlim(angles["time_s"].iloc[0], angles["time_s"].iloc[-1])
            for side in SIDES:
                series = angles[f"{side}_{joint}_deg"].to_numpy()
                axes.plot(
                    angles["time_s"], series, SIDE_LINE[side], color=SIDE_COLOUR[side], linewidth=1
                )
                strikes = events[(events["side"] == side) & (events["kind"] == "foot_strike")]
                at = np.interp(strikes["time_s"], angles["time_s"], series)
                axes.plot(strikes["time_s"], at, "o", color=SIDE_COLOUR[side], markersize=3)
            axes.set_ylabel(f"{JOINTS[joint].lower()} (°)")
        panels[-1].set_xlabel("time (s)")
    return figure


def side_by_side(rows: Sequence[Row]) -> Figure:
    """Left beside right for the parameters in which a difference matters.

    Parameters
    ----------
    rows : sequence of Row
        With both sides measured.
    """
    with rc_context(PRINT_STYLE):
        figure, panels = _panels(1, len(rows), Layout(height=1.5, title=0.3, below=0.3))
        for axes, row in zip(panels, rows, strict=True):
            if row.norm is not None:
                axes.axhspan(*row.norm, color=NORM_COLOUR, alpha=0.55, linewidth=0)
            for position, side in enumerate(SIDES):
                measured = row.left if side == "left" else row.right
                if measured is None:
                    continue
                spread = measured.sd if np.isfinite(measured.sd) else None
                axes.bar(position, measured.mean, 0.6, yerr=spread, color=SIDE_COLOUR[side])
            axes.set_title(row.words, fontsize=8.5)
            axes.set_xticks(range(len(SIDES)), SIDES)
            axes.set_ylabel(row.unit)
            axes.grid(visible=False, axis="x")
    return figure


def svg_text(figure: Figure) -> str:
    """Return a figure as SVG, the same bytes for the same data."""
    buffer = io.StringIO()
    with rc_context(PRINT_STYLE):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "gaitpose"})
    return buffer.getvalue()
