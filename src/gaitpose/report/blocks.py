"""The figures of the page: for each an image for print, interactive plots, words and its data."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from matplotlib.figure import Figure

from gaitpose.gait.result import GaitAnalysis
from gaitpose.report import content, figures, interactive, tables
from gaitpose.report.names import DEFINITIONS, JOINTS, number
from gaitpose.report.usual import usual_for
from gaitpose.skeleton import SIDES

SHOWN_SECONDS = 60.0
"""Joint angles over time are drawn for so long; all of them are in ``angles.csv``."""

SHOWN_RATE = 60.0
"""Samples a second that a screen can show."""


@dataclass(frozen=True)
class Plot:
    """One interactive plot.

    Parameters
    ----------
    identifier : str
        Unique in the page; also the name under which it is saved.
    alt : str
        What it shows, for those who do not see it.
    json : str
        Plotly's description of the figure.
    """

    identifier: str
    alt: str
    json: str


@dataclass(frozen=True)
class Block:
    """One figure of the page.

    Parameters
    ----------
    name : str
        Name under which the image is saved.
    caption, alt : str
        Words below it, and for those who do not see it.
    data_file : str
        CSV file with what is drawn.
    image : str
        Data URI of the image for print.
    plots : list of Plot
    least_width : str
        CSS width below which the plots are stacked.
    """

    name: str
    caption: str
    alt: str
    data_file: str
    image: str
    plots: list[Plot]
    least_width: str


def curve_block(analysis: GaitAnalysis) -> Block | None:
    """Joint angles over the gait cycle; None if no cycle could be used."""
    table = content.curve_table(analysis)
    table = table[table["joint"].isin(content.CURVE_JOINTS)]
    if table.empty:
        return None
    foot_off = content.foot_off_percent(analysis)
    usual = usual_for(analysis)
    plots = []
    for joint in dict.fromkeys(table["joint"]):
        own = table[table["joint"] == joint]
        plots.append(
            _plot(
                f"curve-{joint}", _curve_words(own, joint), interactive.joint_curve(own, foot_off)
            )
        )
    return Block(
        name="joint-angles",
        caption="Mean (line) and standard deviation (shade) over the cycles used, from foot strike "
        "to foot strike. Left is solid and blue, right is dashed and orange; dotted lines mark "
        "foot off." + (f" {usual.sentence()}" if usual else ""),
        alt=" ".join(plot.alt for plot in plots),
        data_file="curves.csv",
        image=_image(figures.joint_curves(table, foot_off)),
        plots=plots,
        least_width="18rem" if len(plots) <= figures.MAX_COLUMNS else "24rem",
    )


def _curve_words(own: pd.DataFrame, joint: str) -> str:
    sentences = [f"{JOINTS[joint]} ({DEFINITIONS[joint]}) over the gait cycle."]
    for side in SIDES:
        mean = own.loc[own["side"] == side, "mean_deg"].to_numpy()
        if len(mean) and np.isfinite(mean).any():
            low, high = number(float(np.nanmin(mean)), 0), number(float(np.nanmax(mean)), 0)
            sentences.append(f"{side.capitalize()}: {low} to {high} degrees.")
    return " ".join(sentences)


def side_block(analysis: GaitAnalysis) -> Block | None:
    """Left beside right; None if no parameter was measured on both sides."""
    rows = [
        row
        for row in content.parameter_rows(analysis)
        if row.name in content.COMPARED and row.left and row.right
    ]
    if not rows:
        return None
    plots = [
        _plot(
            f"sides-{row.name}",
            f"{row.words}: left {row.cell('left')}, right {row.cell('right')} {row.unit}.",
            interactive.side_by_side(row),
        )
        for row in rows
    ]
    return Block(
        name="left-and-right",
        caption="Mean of each side; whiskers are one standard deviation."
        + (" Grey: usual at this walking speed." if any(row.norm for row in rows) else ""),
        alt=" ".join(plot.alt for plot in plots),
        data_file="parameters.csv",
        image=_image(figures.side_by_side(rows)),
        plots=plots,
        least_width="9rem",
    )


def timeline_block(analysis: GaitAnalysis) -> Block:
    """Stance of both feet over the recording."""
    stances = content.stance_table(analysis)
    excluded = content.dropped_cycles(analysis)
    span = content.recorded_span(analysis)
    counts = ", ".join(f"{(stances['side'] == side).sum()} {side}" for side in SIDES)
    alt = f"Timeline of {span[1] - span[0]:.1f} seconds with {counts} stance phases."
    drawn = (analysis.events, stances, excluded, span)
    return Block(
        name="timeline",
        caption="Coloured: the foot is on the floor, from foot strike to foot off (ticks). Grey: a "
        "cycle that was left out.",
        alt=alt,
        data_file="events.csv",
        image=_image(figures.event_timeline(*drawn)),
        plots=[_plot("steps", alt, interactive.event_timeline(*drawn))],
        least_width="100%",
    )


def angle_block(analysis: GaitAnalysis) -> Block:
    """Joint angles over the whole recording."""
    angles, words = shown_stretch(tables.angle_table(analysis))
    shown = analysis.events[analysis.events["time_s"] <= angles["time_s"].iloc[-1]]
    alt = f"Joint angles of both sides over {words}, with a dot at every foot strike."
    return Block(
        name="angles-over-time",
        caption=f"Joint angles over {words}, degrees; a dot marks each foot strike.",
        alt=alt,
        data_file="angles.csv",
        image=_image(figures.angles_over_time(angles, shown)),
        plots=[_plot("angles", alt, interactive.angles_over_time(angles, shown))],
        least_width="100%",
    )


def shown_stretch(angles: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Shorten and thin a long recording, so that the page stays small enough to send.

    Parameters
    ----------
    angles : pandas.DataFrame
        From :func:`gaitpose.report.tables.angle_table`.

    Returns
    -------
    pandas.DataFrame
        At most :data:`SHOWN_SECONDS` at no more than :data:`SHOWN_RATE` samples a second.
    str
        What it is, in words.
    """
    time = angles["time_s"].to_numpy()
    is_long = time[-1] - time[0] > SHOWN_SECONDS
    every = max(1, round((len(time) - 1) / (time[-1] - time[0]) / SHOWN_RATE))
    stretch = angles[time <= time[0] + SHOWN_SECONDS].iloc[::every]
    return stretch, f"the first {SHOWN_SECONDS:.0f} s" if is_long else "the recording"


def _plot(identifier: str, alt: str, figure: go.Figure) -> Plot:
    # In a script element "</" would end the page's script; JSON allows the slash to be escaped.
    return Plot(identifier, alt, figure.to_json().replace("</", "<\\/"))


def _image(figure: Figure) -> str:
    svg = figures.svg_text(figure).encode()
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
