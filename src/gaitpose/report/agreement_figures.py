"""Figures of agreement and refinement for the screen, in Plotly: one plot a side.

Each function takes rows of the tables of :mod:`gaitpose.report.agreement_tables`, so that what is
drawn can be read from the CSV files. Their counterparts in print are in
:mod:`gaitpose.report.agreement_print`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from gaitpose.report.agreement_tables import REFERENCE, words
from gaitpose.report.palette import GRID_COLOUR, MUTED_COLOUR, TEXT_COLOUR, transparent

OURS_COLOUR, REFERENCE_COLOUR, DIFFERS_COLOUR = "#0072B2", "#1B1F24", "#D55E00"
"""One colour a recording, whichever the side: the panels tell the sides apart."""

OURS_DASH, REFERENCE_DASH = "solid", "dash"

MODEL_COLOURS = {
    REFERENCE: REFERENCE_COLOUR,
    "raw": "#999999",
    "mean curve": "#CC79A7",
    "linear": "#E69F00",
    "BiLSTM": "#56B4E9",
    "fusion": "#0072B2",
}
WITH_BAND = (REFERENCE, "fusion")
"""Six bands over each other cannot be told apart."""

MOST_POINTS = 2000
"""Of a Bland-Altman plot: more are not seen, and make the file large."""

Range = tuple[float, float]


def overlaid_curves(rows: pd.DataFrame, names: tuple[str, str], span: Range) -> go.Figure:
    """Both recordings' mean +- SD over the cycle.

    Parameters
    ----------
    rows : pandas.DataFrame
        One side and joint of ``curve_samples``.
    names : (str, str)
        What ours and the reference are called.
    span : (float, float)
        Of the vertical axis, degrees.
    """
    figure = go.Figure()
    styles = (
        (REFERENCE, names[1], REFERENCE_COLOUR, REFERENCE_DASH),
        ("ours", names[0], OURS_COLOUR, OURS_DASH),
    )
    for source, name, colour, dash in styles:
        for trace in _mean_and_band(rows, f"{source}_", name, colour, dash):
            figure.add_trace(trace)
    return _styled(figure, rows, "gait cycle (%)", f"{_joint(rows)} (°)", span)


def overlaid_samples(rows: pd.DataFrame, names: tuple[str, str], span: Range) -> go.Figure:
    """Both recordings over time, where there are no cycles; rows of ``common_samples``."""
    figure = go.Figure()
    styles = (
        (REFERENCE, names[1], REFERENCE_COLOUR, REFERENCE_DASH),
        ("ours", names[0], OURS_COLOUR, OURS_DASH),
    )
    for source, name, colour, dash in styles:
        figure.add_trace(_line(rows["time_s"], rows[f"{source}_deg"], name, colour, dash))
    return _styled(figure, rows, "time (s)", f"{_joint(rows)} (°)", span)


def difference_over_cycle(rows: pd.DataFrame, span: Range) -> go.Figure:
    """Ours minus reference over the cycle, shaded where the SPM finds the two different."""
    figure = go.Figure()
    for start, end in stretches(rows):
        figure.add_vrect(x0=start, x1=end, fillcolor=transparent(DIFFERS_COLOUR, 0.2), line_width=0)
    figure.add_hline(y=0, line={"color": MUTED_COLOUR, "width": 1})
    for trace in _mean_and_band(rows, "difference_", "difference", OURS_COLOUR, OURS_DASH):
        figure.add_trace(trace)
    return _styled(figure, rows, "gait cycle (%)", "ours - reference (°)", span, legend=False)


def bland_altman_plot(rows: pd.DataFrame, limits: Mapping[str, float], span: Range) -> go.Figure:
    """Difference against mean of every common sample, with bias and limits of agreement."""
    figure = go.Figure()
    # SVG, not WebGL: clinics' machines often have none.
    figure.add_trace(
        go.Scatter(
            x=numbers(thinned(rows)["mean_deg"]),
            y=numbers(thinned(rows)["difference_deg"]),
            mode="markers",
            marker={"size": 4, "color": transparent(OURS_COLOUR, 0.35)},
            showlegend=False,
        )
    )
    for name, dash in (("bias", "solid"), ("limit_low", "dash"), ("limit_high", "dash")):
        figure.add_hline(
            y=limits[name],
            line={"color": TEXT_COLOUR, "width": 1, "dash": dash},
            annotation={"text": f"{limits[name]:.1f}", "bgcolor": "rgba(255,255,255,0.7)"},
        )
    return _styled(figure, rows, "mean of both (°)", "ours - reference (°)", span, legend=False)


def refined_curves(rows: pd.DataFrame) -> go.Figure:
    """Mean over people of the reference and of every model; one movement, angle and side."""
    figure = go.Figure()
    for source, own in rows.groupby("source", sort=False):
        name = str(source)
        dash = REFERENCE_DASH if name == REFERENCE else OURS_DASH
        traces = _mean_and_band(own, "", name, MODEL_COLOURS[name], dash)
        for trace in traces if name in WITH_BAND else traces[:1]:
            figure.add_trace(trace)
    title = " ".join(filter(None, (str(rows["movement"].iloc[0]), str(rows["side"].iloc[0]))))
    figure = _styled(figure, rows, "%", f"{words(rows['angle'].iloc[0])} (°)", None, title=title)
    # Six names do not fit above a plot of half the page's width.
    below = {"y": -0.3, "yanchor": "top"}
    return figure.update_layout(height=360, margin={"t": 40, "b": 110}, legend=below)


def stretches(rows: pd.DataFrame) -> Iterator[tuple[float, float]]:
    """Yield first and last percent of each stretch in which ``differs`` holds."""
    inside = np.concatenate([[False], rows["differs"].to_numpy(dtype=bool), [False]])
    edges = np.flatnonzero(np.diff(inside.astype(int))).reshape(-1, 2)
    percent = rows["percent"].to_numpy()
    for start, end in edges:
        yield float(percent[start]), float(percent[end - 1])


def thinned(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out samples that a plot would only repeat."""
    return rows.iloc[:: max(1, len(rows) // MOST_POINTS)]


def numbers(values: Any) -> list[float | None]:
    """Plain numbers, shortened for the page; missing ones become gaps."""
    array = np.asarray(values, dtype=float)
    return [round(float(value), 2) if np.isfinite(value) else None for value in array]


def _mean_and_band(
    rows: pd.DataFrame, prefix: str, name: str, colour: str, dash: str
) -> list[go.Scatter]:
    percent = rows["percent"].to_numpy()
    mean = rows[f"{prefix}mean_deg"].to_numpy()
    spread = rows[f"{prefix}sd_deg"].to_numpy()
    traces = [_line(percent, mean, name, colour, dash)]
    if np.isfinite(spread).all():
        outline = np.concatenate([mean + spread, (mean - spread)[::-1]])
        traces.append(
            go.Scatter(
                x=numbers(np.concatenate([percent, percent[::-1]])),
                y=numbers(outline),
                fill="toself",
                fillcolor=transparent(colour, 0.15),
                line={"width": 0},
                mode="lines",
                legendgroup=name,
                showlegend=False,
                hoverinfo="skip",
            )
        )
    return traces


def _line(x: Any, y: Any, name: str, colour: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=numbers(x),
        y=numbers(y),
        name=name,
        legendgroup=name,
        mode="lines",
        line={"color": colour, "width": 2, "dash": dash},
        hovertemplate="%{y:.1f}° at %{x:.4g}",
    )


def _joint(rows: pd.DataFrame) -> str:
    return words(rows["joint"].iloc[0])


def _styled(
    figure: go.Figure,
    rows: pd.DataFrame,
    across: str,
    upward: str,
    span: Range | None,
    *,
    legend: bool = True,
    title: str | None = None,
) -> go.Figure:
    figure.update_layout(
        title={
            "text": f"<b>{title or rows['side'].iloc[0]}</b>",
            "x": 0.02,
            "xanchor": "left",
            "font": {"size": 14},
        },
        height=300,
        template="plotly_white",
        font={"family": "system-ui, sans-serif", "size": 13, "color": TEXT_COLOUR},
        margin={"l": 58, "r": 16, "t": 62 if legend else 40, "b": 48},
        showlegend=legend,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0.0, "xanchor": "left"},
    )
    figure.update_xaxes(title_text=across, gridcolor=GRID_COLOUR, zeroline=False)
    figure.update_yaxes(title_text=upward, gridcolor=GRID_COLOUR, zeroline=False)
    if across.endswith("%") or "(%)" in across:
        figure.update_xaxes(range=[0, 100])
    if span is not None:
        figure.update_yaxes(range=list(span))
    return figure
