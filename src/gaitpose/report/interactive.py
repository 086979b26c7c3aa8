"""The same figures for the screen, in Plotly: zoom, read a value, hide a side, save as SVG or PNG.

Each function takes the tables of :mod:`gaitpose.report.content` and returns a Plotly figure. The
script that draws them is taken from the installed package: nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from gaitpose.report.content import TIME_JOINTS, Row
from gaitpose.report.names import JOINTS, POSITIVE
from gaitpose.report.palette import (
    GRID_COLOUR,
    MUTED_COLOUR,
    NORM_COLOUR,
    SIDE_COLOUR,
    SIDE_DASH,
    TEXT_COLOUR,
    transparent,
)
from gaitpose.skeleton import SIDES, Side

LINE_WIDTH = 2.2


def joint_curve(curves: pd.DataFrame, foot_off: Mapping[Side, float]) -> go.Figure:
    """Mean and SD of one joint angle over the gait cycle, with the usual band.

    Parameters
    ----------
    curves : pandas.DataFrame
        Rows of one joint from :func:`gaitpose.report.content.curve_table`.
    foot_off : mapping of side to float
        Percent of the cycle.
    """
    joint = str(curves["joint"].iloc[0])
    figure = go.Figure()
    norm = curves[curves["side"] == curves["side"].iloc[0]]
    if norm["norm_low_deg"].notna().any():
        low, high = norm["norm_low_deg"], norm["norm_high_deg"]
        shade = transparent(NORM_COLOUR, 0.55)
        figure.add_trace(_band(norm["percent"], low, high, shade, name="usual"))
    for side in SIDES:
        own = curves[curves["side"] == side]
        if not own.empty:
            _add_side(figure, own, side)
    for side, percent in foot_off.items():
        figure.add_vline(x=percent, line=_dotted(side))
    figure.update_layout(title=_title(JOINTS[joint]))
    figure.update_xaxes(range=[0, 100], title_text="gait cycle (%)")
    figure.update_yaxes(title_text=f"{POSITIVE[joint]} + (°)")
    return _styled(figure, height=320, has_legend=False)


def _add_side(figure: go.Figure, own: pd.DataFrame, side: Side) -> None:
    if own["sd_deg"].notna().all():
        low, high = own["mean_deg"] - own["sd_deg"], own["mean_deg"] + own["sd_deg"]
        shade = transparent(SIDE_COLOUR[side], 0.18)
        figure.add_trace(_band(own["percent"], low, high, shade, legendgroup=side))
    figure.add_trace(
        go.Scatter(
            x=_list(own["percent"]),
            y=_list(own["mean_deg"]),
            name=side,
            legendgroup=side,
            mode="lines",
            line={"color": SIDE_COLOUR[side], "width": LINE_WIDTH, "dash": SIDE_DASH[side]},
            hovertemplate=f"{side}: %{{y:.1f}}° at %{{x}} %<extra></extra>",
        )
    )


def _band(
    x: pd.Series, low: pd.Series, high: pd.Series, colour: str, **options: object
) -> go.Scatter:
    """Return a closed outline from `low` back along `high`, filled."""
    return go.Scatter(
        x=_list(x) + _list(x)[::-1],
        y=_list(high) + _list(low)[::-1],
        fill="toself",
        fillcolor=colour,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        **options,
    )


def event_timeline(
    events: pd.DataFrame,
    stances: pd.DataFrame,
    excluded: pd.DataFrame,
    span: tuple[float, float],
) -> go.Figure:
    """Bars of stance for each foot over the recording, with what was left out in grey.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``side, kind, time_s``: marked by ticks, also where no stance is complete.
    stances : pandas.DataFrame
        From :func:`gaitpose.report.content.stance_table`.
    excluded : pandas.DataFrame
        Columns ``side, start_s, end_s, reason`` of the cycles left out.
    span : (float, float)
        First and last second of the recording.
    """
    figure = go.Figure()
    for row, side in zip((1, 0), SIDES, strict=True):
        left_out, stood = (table[table["side"] == side] for table in (excluded, stances))
        figure.add_trace(
            _bars(left_out, row, 0.86, NORM_COLOUR).update(
                customdata=_list(left_out["reason"]),
                name="cycle left out",
                showlegend=side == SIDES[0] and not excluded.empty,
                hovertemplate="left out: %{customdata}<extra></extra>",
            )
        )
        figure.add_trace(
            _bars(stood, row, 0.56, SIDE_COLOUR[side]).update(
                customdata=_list(stood["end_s"]),
                name=f"{side} stance",
                hovertemplate="strike %{base:.2f} s, off %{customdata:.2f} s<extra></extra>",
            )
        )
        own = events[events["side"] == side]
        figure.add_trace(
            go.Scatter(
                x=_list(own["time_s"], 3),
                y=[row] * len(own),
                customdata=_list(own["kind"].str.replace("_", " ")),
                mode="markers",
                marker={"symbol": "line-ns-open", "size": 26, "color": TEXT_COLOUR},
                showlegend=False,
                hovertemplate=f"{side} %{{customdata}} at %{{x:.2f}} s<extra></extra>",
            )
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=list(span), title_text="time (s)")
    rows = [f"{side} foot" for side in reversed(SIDES)]
    figure.update_yaxes(range=[-0.6, 1.6], tickvals=[0, 1], ticktext=rows, showgrid=False)
    return _styled(figure, height=230).update_yaxes(zeroline=False)


def _bars(table: pd.DataFrame, row: int, width: float, colour: str) -> go.Bar:
    return go.Bar(
        base=_list(table["start_s"], 3),
        x=_list(table["end_s"] - table["start_s"], 3),
        y=[row] * len(table),
        orientation="h",
        width=width,
        marker_color=colour,
    )


def angles_over_time(angles: pd.DataFrame, events: pd.DataFrame) -> go.Figure:
    """Every joint angle over the whole recording, foot strikes marked.

    Parameters
    ----------
    angles : pandas.DataFrame
        From :func:`gaitpose.report.tables.angle_table`.
    events : pandas.DataFrame
        Columns ``side, kind, time_s``.
    """
    joints = [joint for joint in TIME_JOINTS if f"left_{joint}_deg" in angles]
    figure = make_subplots(rows=len(joints), cols=1, shared_xaxes=True, vertical_spacing=0.04)
    times = angles["time_s"].to_numpy()
    for row, joint in enumerate(joints, start=1):
        for side in SIDES:
            series = angles[f"{side}_{joint}_deg"].to_numpy()
            strikes = events[(events["side"] == side) & (events["kind"] == "foot_strike")]
            at = strikes["time_s"].to_numpy(float)
            line = {"color": SIDE_COLOUR[side], "width": 1.5, "dash": SIDE_DASH[side]}
            shared = {
                "showlegend": row == 1,
                "legendgroup": side,
                "hovertemplate": "%{y:.1f}° at %{x:.2f} s<extra></extra>",
            }
            figure.add_trace(
                go.Scatter(
                    x=_list(times, 4),
                    y=_list(series),
                    name=side,
                    line=line,
                    mode="lines",
                    **shared,
                ),
                row=row,
                col=1,
            )
            figure.add_trace(
                go.Scatter(
                    x=_list(at, 4),
                    y=_list(np.interp(at, times, series)),
                    mode="markers",
                    name=f"{side} foot strike",
                    marker={"color": SIDE_COLOUR[side], "size": 7},
                    **shared,
                ),
                row=row,
                col=1,
            )
        words = JOINTS[joint].lower()
        figure.update_yaxes(title_text=f"{words} (°)", row=row, col=1)
    figure.update_xaxes(title_text="time (s)", row=len(joints), col=1)
    return _styled(figure, height=150 * len(joints) + 110)


def side_by_side(row: Row) -> go.Figure:
    """Left beside right for one parameter.

    Parameters
    ----------
    row : Row
        With both sides measured.
    """
    figure = go.Figure()
    if row.norm is not None:
        low, high = row.norm
        figure.add_hrect(
            y0=low, y1=high, fillcolor=NORM_COLOUR, opacity=0.55, line_width=0, layer="below"
        )
    for side in SIDES:
        measured = row.left if side == "left" else row.right
        if measured is None:
            continue
        figure.add_trace(
            go.Bar(
                x=[side],
                y=[measured.mean],
                name=side,
                width=0.6,
                marker_color=SIDE_COLOUR[side],
                error_y={"type": "data", "array": _list([measured.sd], 4)},
                hovertemplate=f"{row.cell(side)} {row.unit}<extra></extra>",
            )
        )
    figure.update_layout(title=_title(row.words))
    figure.update_yaxes(title_text=row.unit)
    return _styled(figure, height=240, has_legend=False)


def _list(values: pd.Series | np.ndarray | Sequence[object], decimals: int = 2) -> list[object]:
    """Plain numbers, shortened for the page; missing ones become gaps."""
    array = np.asarray(values)
    if array.dtype.kind != "f":
        return list(array.tolist())
    return [float(v) if np.isfinite(v) else None for v in np.round(array, decimals)]


def _title(text: str) -> dict[str, object]:
    """Return a title on the left, where the buttons of the figure do not cover it."""
    return {"text": f"<b>{text}</b>", "x": 0.02, "xanchor": "left", "font": {"size": 14}}


def _dotted(side: Side) -> dict[str, object]:
    return {"color": SIDE_COLOUR[side], "width": 1.2, "dash": "dot"}


def _styled(figure: go.Figure, height: int, *, has_legend: bool = True) -> go.Figure:
    figure.update_layout(
        height=height,
        showlegend=has_legend,
        template="plotly_white",
        font={"family": "system-ui, sans-serif", "size": 13, "color": TEXT_COLOUR},
        margin={"l": 60, "r": 16, "t": 44, "b": 48},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0.0, "xanchor": "left"},
        hovermode="closest",
    )
    figure.update_xaxes(gridcolor=GRID_COLOUR, linecolor=MUTED_COLOUR, zeroline=False)
    figure.update_yaxes(gridcolor=GRID_COLOUR, linecolor=MUTED_COLOUR, zerolinecolor=MUTED_COLOUR)
    return figure
