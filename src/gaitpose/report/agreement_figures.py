"""Figures of two recordings' agreement: curves over the cycle, their difference, Bland-Altman."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from gaitpose.agreement.compare import Agreement
from gaitpose.report.palette import GRID_COLOUR, MUTED_COLOUR, TEXT_COLOUR, transparent

OURS_COLOUR, REFERENCE_COLOUR = "#0072B2", "#1B1F24"
"""One colour a recording, whichever the side: the panels tell the sides apart."""

MODEL_COLOURS = {
    "raw": "#999999",
    "mean curve": "#CC79A7",
    "linear": "#E69F00",
    "BiLSTM": "#56B4E9",
    "fusion": "#0072B2",
}
MOST_POINTS = 2000
"""Of a Bland-Altman plot: more are not seen, and make the file large."""


def overlaid_curves(agreement: Agreement, joint: str) -> go.Figure:
    """Both recordings' mean +- SD over the cycle; over time where there are no cycles."""
    sides = [str(side) for side in agreement.curves["side"].values]
    figure = make_subplots(cols=len(sides), subplot_titles=sides, shared_yaxes=True)
    has_cycles = agreement.curves.sizes["cycle"] > 0
    for column, side in enumerate(sides, 1):
        for source, (name, colour) in enumerate(
            ((agreement.reference, REFERENCE_COLOUR), (agreement.ours, OURS_COLOUR))
        ):
            number = 1 - source
            if has_cycles:
                curves = agreement.curves.isel(source=number).sel(side=side, joint=joint)
                traces = _band(
                    agreement.curves["phase"].values, curves.values, name, colour, column == 1
                )
            else:
                angles = agreement.aligned[number].sel(side=side, joint=joint)
                traces = [_line(angles["time"].values, angles.values, name, colour, column == 1)]
            for trace in traces:
                figure.add_trace(trace, row=1, col=column)
    figure.update_xaxes(title_text="gait cycle (%)" if has_cycles else "time (s)")
    figure.update_yaxes(title_text=f"{joint} (°)", col=1)
    return _styled(figure)


def difference_over_cycle(agreement: Agreement, joint: str) -> go.Figure:
    """Ours minus reference over the cycle, with the stretches that the SPM finds different."""
    sides = [str(side) for side in agreement.curves["side"].values]
    figure = make_subplots(cols=len(sides), subplot_titles=sides, shared_yaxes=True)
    phase = agreement.curves["phase"].values
    step = phase[1] - phase[0]
    for column, side in enumerate(sides, 1):
        both = agreement.curves.sel(side=side, joint=joint).values
        for trace in _band(phase, both[0] - both[1], "ours - reference", OURS_COLOUR, False):
            figure.add_trace(trace, row=1, col=column)
        figure.add_hline(y=0, line={"color": MUTED_COLOUR, "width": 1}, row=1, col=column)
        found = agreement.maps.get((side, joint))
        for cluster in found.clusters if found else ():
            figure.add_vrect(
                x0=cluster.start * step,
                x1=cluster.end * step,
                fillcolor=transparent("#D55E00", 0.15),
                line_width=0,
                row=1,
                col=column,
            )
    figure.update_xaxes(title_text="gait cycle (%)")
    figure.update_yaxes(title_text="difference (°)", col=1)
    return _styled(figure)


def bland_altman_plot(agreement: Agreement, joint: str) -> go.Figure:
    """Difference against mean of every common sample, with bias and limits of agreement."""
    rows = agreement.angles[agreement.angles["joint"] == joint]
    sides = [str(side) for side in rows["side"]]
    figure = make_subplots(cols=len(sides), subplot_titles=sides, shared_yaxes=True)
    for column, (_, row) in enumerate(rows.iterrows(), 1):
        a, b = (one.sel(side=row["side"], joint=joint).values for one in agreement.aligned)
        every = max(1, len(a) // MOST_POINTS)
        figure.add_trace(
            go.Scattergl(
                x=_list((a + b)[::every] / 2),
                y=_list((a - b)[::every]),
                mode="markers",
                marker={"size": 3, "color": transparent(OURS_COLOUR, 0.4)},
                showlegend=False,
            ),
            row=1,
            col=column,
        )
        for name, dash in (("bias", "solid"), ("limit_low", "dash"), ("limit_high", "dash")):
            figure.add_hline(
                y=row[name],
                line={"color": TEXT_COLOUR, "width": 1, "dash": dash},
                annotation_text=f"{row[name]:.1f}",
                row=1,
                col=column,
            )
    figure.update_xaxes(title_text="mean of both (°)")
    figure.update_yaxes(title_text="ours - reference (°)", col=1)
    return _styled(figure)


def refined_curves(
    curves: dict[str, np.ndarray], angle: str, side: str, *, with_legend: bool
) -> go.Figure:
    """Mean +- SD over people of the reference and of each model's prediction.

    Parameters
    ----------
    curves : dict of name to array, (people, samples)
        Over 0..100 % of the movement.
    angle, side : str
    with_legend : bool
    """
    figure = go.Figure()
    for name, values in curves.items():
        colour = MODEL_COLOURS.get(name, REFERENCE_COLOUR)
        at = np.linspace(0, 100, values.shape[1])
        for trace in _band(at, values, name, colour, with_legend):
            figure.add_trace(trace)
    figure.update_layout(title=f"{angle.replace('_', ' ')}, {side}")
    figure.update_xaxes(title_text="movement (%)")
    figure.update_yaxes(title_text="°")
    return _styled(figure)


def _band(
    x: np.ndarray, curves: np.ndarray, name: str, colour: str, with_legend: bool
) -> list[Any]:
    complete = curves[np.isfinite(curves).all(axis=-1)]
    if not len(complete):
        return []
    mean = complete.mean(axis=0)
    traces: list[Any] = [_line(x, mean, name, colour, with_legend)]
    if len(complete) > 1:
        spread = complete.std(axis=0, ddof=1)
        outline = np.concatenate([mean + spread, (mean - spread)[::-1]])
        traces.append(
            go.Scatter(
                x=_list(np.concatenate([x, x[::-1]])),
                y=_list(outline),
                fill="toself",
                fillcolor=transparent(colour, 0.15),
                line={"width": 0},
                legendgroup=name,
                showlegend=False,
                hoverinfo="skip",
            )
        )
    return traces


def _line(x: np.ndarray, y: np.ndarray, name: str, colour: str, with_legend: bool) -> go.Scatter:
    return go.Scatter(
        x=_list(x),
        y=_list(y),
        name=name,
        legendgroup=name,
        showlegend=with_legend,
        mode="lines",
        line={"color": colour, "width": 2},
    )


def _list(values: np.ndarray) -> list[float | None]:
    return [None if not np.isfinite(value) else round(float(value), 2) for value in values]


def _styled(figure: go.Figure) -> go.Figure:
    figure.update_layout(
        height=330,
        margin={"l": 55, "r": 15, "t": 45, "b": 45},
        paper_bgcolor="white",
        plot_bgcolor="white",
        font={"color": TEXT_COLOUR, "size": 12},
        legend={"orientation": "h", "y": 1.18},
    )
    figure.update_xaxes(gridcolor=GRID_COLOUR, zeroline=False)
    figure.update_yaxes(gridcolor=GRID_COLOUR, zeroline=False)
    return figure
