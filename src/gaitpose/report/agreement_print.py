"""Figures of agreement and refinement for print, in Matplotlib: vectors, one panel a side.

The counterparts of :mod:`gaitpose.report.agreement_figures`, drawn of the same tables; written as
SVG files, and shown on the page where no script runs and when it is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gaitpose.report.agreement_figures import (
    DIFFERS_COLOUR,
    MODEL_COLOURS,
    OURS_COLOUR,
    REFERENCE_COLOUR,
    WITH_BAND,
    stretches,
    thinned,
)
from gaitpose.report.agreement_tables import REFERENCE, words
from gaitpose.report.figures import PRINT_STYLE, WIDTH_INCHES
from gaitpose.report.palette import MUTED_COLOUR, TEXT_COLOUR

PANEL_INCHES = 2.3
SMALL_PANEL_INCHES = 1.9
PANELS_ACROSS = 2

Draw = Callable[[Axes, pd.DataFrame], None]


def overlaid_curves(parts: Sequence[pd.DataFrame], names: tuple[str, str]) -> Figure:
    """Both recordings' mean +- SD over the cycle; one part a side."""

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        _band(axes, rows, f"{REFERENCE}_", names[1], REFERENCE_COLOUR, "--")
        _band(axes, rows, "ours_", names[0], OURS_COLOUR, "-")
        axes.set_xlim(0, 100)

    return _panels(parts, draw, "gait cycle (%)", f"{words(parts[0]['joint'].iloc[0])} (°)")


def overlaid_samples(parts: Sequence[pd.DataFrame], names: tuple[str, str]) -> Figure:
    """Both recordings over time, where there are no cycles."""

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        time = rows["time_s"]
        axes.plot(time, rows["reference_deg"], "--", color=REFERENCE_COLOUR, label=names[1])
        axes.plot(time, rows["ours_deg"], color=OURS_COLOUR, label=names[0])

    return _panels(parts, draw, "time (s)", f"{words(parts[0]['joint'].iloc[0])} (°)")


def difference_over_cycle(parts: Sequence[pd.DataFrame]) -> Figure:
    """Ours minus reference over the cycle, shaded where the SPM finds the two different."""

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        for start, end in stretches(rows):
            axes.axvspan(start, end, color=DIFFERS_COLOUR, alpha=0.2, linewidth=0)
        axes.axhline(0, color=MUTED_COLOUR, linewidth=0.8)
        _band(axes, rows, "difference_", None, OURS_COLOUR, "-")
        axes.set_xlim(0, 100)

    return _panels(parts, draw, "gait cycle (%)", "ours - reference (°)")


def bland_altman_plot(
    parts: Sequence[pd.DataFrame], limits: Sequence[Mapping[str, float]]
) -> Figure:
    """Difference against mean of every common sample, with bias and limits of agreement."""
    remaining = iter(limits)

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        few = thinned(rows)
        axes.plot(
            few["mean_deg"], few["difference_deg"], ".", color=OURS_COLOUR, alpha=0.35, markersize=3
        )
        own = next(remaining)
        for name, line in (("bias", "-"), ("limit_low", "--"), ("limit_high", "--")):
            axes.axhline(own[name], color=TEXT_COLOUR, linestyle=line, linewidth=0.8)
            axes.annotate(
                f"{own[name]:.1f}",
                (1, own[name]),
                xycoords=axes.get_yaxis_transform(),
                ha="right",
                va="bottom",
                fontsize=8,
            )

    return _panels(parts, draw, "mean of both (°)", "ours - reference (°)")


def refined_curves(parts: Sequence[pd.DataFrame]) -> Figure:
    """Mean over people of the reference and of every model; one part a movement and side."""

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        for source, own in rows.groupby("source", sort=False):
            name = str(source)
            line = "--" if name == REFERENCE else "-"
            _band(axes, own, "", name, MODEL_COLOURS[name], line, shaded=name in WITH_BAND)
        axes.set_xlim(0, 100)

    return _panels(parts, draw, "%", f"{words(parts[0]['angle'].iloc[0])} (°)", shared=False)


def _panels(
    parts: Sequence[pd.DataFrame], draw: Draw, across: str, upward: str, *, shared: bool = True
) -> Figure:
    columns = min(len(parts), PANELS_ACROSS)
    rows = -(-len(parts) // columns)
    height = PANEL_INCHES if rows == 1 else SMALL_PANEL_INCHES
    with rc_context(PRINT_STYLE):
        figure = Figure(figsize=(WIDTH_INCHES, rows * height + 0.25), layout="constrained")
        grid = figure.subplots(rows, columns, squeeze=False, sharey=shared)
        panels: list[Axes] = list(grid.ravel())
        for axes, part in zip(panels, parts, strict=False):
            draw(axes, part)
            title = (str(part[name].iloc[0]) for name in ("movement", "side") if name in part)
            axes.set_title(" ".join(filter(None, title)))
        for axes in panels[len(parts) :]:
            axes.set_axis_off()
        for row in grid:
            row[0].set_ylabel(upward)
        for axes in grid[-1]:
            axes.set_xlabel(across)
        handles, labels = panels[0].get_legend_handles_labels()
        if labels:
            figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def _band(
    axes: Axes,
    rows: pd.DataFrame,
    prefix: str,
    name: str | None,
    colour: str,
    line: str,
    *,
    shaded: bool = True,
) -> None:
    percent, mean = rows["percent"], rows[f"{prefix}mean_deg"]
    spread = rows[f"{prefix}sd_deg"]
    if shaded and np.isfinite(spread).all():
        axes.fill_between(
            percent, mean - spread, mean + spread, color=colour, alpha=0.15, linewidth=0
        )
    axes.plot(percent, mean, line, color=colour, label=name)
