"""What stands on the pages of agreement and refinement: sentences, tables, and figures with data.

Every figure has an image for print, plots for the screen, and names the CSV file of its numbers.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup
from matplotlib.figure import Figure

from gaitpose.agreement.compare import Agreement
from gaitpose.refine.cross_validation import Evaluation
from gaitpose.refine.pairs import Dataset
from gaitpose.report import agreement_figures as screen
from gaitpose.report import agreement_print as paper
from gaitpose.report import agreement_tables as tables
from gaitpose.report.agreement_tables import Table, words
from gaitpose.report.blocks import Block, Plot
from gaitpose.report.figures import svg_text

CURVES_FILE, SAMPLES_FILE = "curves.csv", "samples.csv"
LIMITS = ("bias", "limit_low", "limit_high")
HALF_WIDTH = "22rem"
MARGIN = 0.05
"""Room above and below the curves, share of their range."""


@dataclass(frozen=True)
class Section:
    """A heading and its figures."""

    title: str
    blocks: list[Block]


@dataclass(frozen=True)
class Page:
    """Everything that ``templates/agreement.html.j2`` prints, and the images by name."""

    title: str
    subtitle: str
    facts: list[tuple[str, str]]
    notes: list[str]
    tables: list[Table]
    sections: list[Section]
    images: dict[str, str]

    @property
    def plot_data(self) -> list[tuple[str, Markup]]:
        """Identifier and JSON of every interactive plot."""
        blocks = [block for section in self.sections for block in section.blocks]
        return [(plot.identifier, Markup(plot.json)) for block in blocks for plot in block.plots]


def agreement_page(agreement: Agreement, curves: pd.DataFrame, samples: pd.DataFrame) -> Page:
    """Collect the page of one comparison.

    Parameters
    ----------
    agreement : Agreement
    curves, samples : pandas.DataFrame
        From :func:`gaitpose.report.agreement_tables.curve_samples` and ``common_samples``.
    """
    lag = agreement.lag
    fit = f", fit {lag.fit:.3f}" if np.isfinite(lag.fit) else ""
    maker = _Maker({})
    sections = [
        Section(
            words(joint).capitalize(), list(_joint_blocks(maker, agreement, joint, curves, samples))
        )
        for joint in dict.fromkeys(str(joint) for joint in agreement.angles["joint"])
    ]
    shown = [tables.paper_table(agreement), tables.angle_table(agreement)]
    if not agreement.parameters.empty:
        shown.append(tables.parameter_table(agreement))
    return Page(
        title="Agreement",
        subtitle=f"{agreement.ours} against {agreement.reference}",
        facts=[
            ("Ours", agreement.ours),
            ("Reference", agreement.reference),
            ("Our clock was shifted by", f"{lag.seconds:+.3f} s ({lag.by.value}{fit})"),
            ("In common", f"{_seconds(agreement):.1f} s"),
        ],
        notes=["Differences are ours minus reference.", *agreement.notes],
        tables=shown,
        sections=sections,
        images=maker.images,
    )


def evaluation_page(evaluation: Evaluation, curves: pd.DataFrame) -> Page:
    """Collect the page of a leave-one-subject-out evaluation.

    Parameters
    ----------
    evaluation : Evaluation
    curves : pandas.DataFrame
        From :func:`gaitpose.report.agreement_tables.refined_samples`.
    """
    dataset = evaluation.dataset
    maker = _Maker({})
    sections = [
        Section(words(angle).capitalize(), [_refined_block(maker, angle, rows)])
        for angle, rows in curves.groupby("angle", sort=False)
    ]
    left_out = "; ".join(f"{name} ({reason})" for name, reason in dataset.skipped.items())
    return Page(
        title="Refinement",
        subtitle=f"{dataset.kind}: one person left out at a time",
        facts=[
            ("People", str(len(dataset.subjects))),
            ("Sequences", f"{len(dataset.sequences)}, one a leg"),
            ("Rate", f"{dataset.rate:g} Hz"),
        ],
        notes=[
            "Each person was left out in turn; every choice was made among the others.",
            _clocks(dataset),
            f"Not used: {left_out}." if left_out else "Every trial was used.",
        ],
        tables=_evaluation_tables(evaluation),
        sections=sections,
        images=maker.images,
    )


def _clocks(dataset: Dataset) -> str:
    lags = [1000 * one.lag for one in dataset.sequences]
    if not any(lags):
        return "Both clocks were taken as they are."
    return (
        f"The sensor's clock was shifted by {min(lags):+.0f} to {max(lags):+.0f} ms onto motion "
        "capture's before anything was learnt or judged."
    )


def _evaluation_tables(evaluation: Evaluation) -> list[Table]:
    summary, by_movement = evaluation.summary(), evaluation.by_movement()
    shown = [
        tables.mean_and_sd_table(
            "RMSE (°), mean ± SD over people", summary, "rmse", 1, "summary.csv"
        ),
        tables.mean_and_sd_table("CMC, mean ± SD over people", summary, "cmc", 2, "summary.csv"),
    ]
    shown += [
        tables.mean_and_sd_table(f"RMSE (°), {side} leg", part, "rmse", 1, "by_side.csv")
        for side, part in evaluation.by_side().groupby("side")
    ]
    if by_movement["movement"].nunique() > 1:
        shown += [
            tables.mean_and_sd_table(
                f"RMSE (°) by movement, {words(angle)}",
                part,
                "rmse",
                1,
                "by_movement.csv",
                by="movement",
            )
            for angle, part in by_movement.groupby("angle", sort=False)
        ]
    return [*shown, tables.test_table(evaluation.paired_tests())]


@dataclass(frozen=True)
class _Maker:
    """Makes blocks, and keeps their images for the files beside the page."""

    images: dict[str, str]

    def block(
        self,
        name: str,
        caption: str,
        data_file: str,
        image: Figure,
        plots: Sequence[tuple[str, go.Figure]],
    ) -> Block:
        svg = svg_text(image)
        self.images[f"{name}.svg"] = svg
        return Block(
            name=name,
            caption=caption,
            alt=caption,
            data_file=data_file,
            image=f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}",
            # "</" would end the script element that holds it.
            plots=[
                Plot(
                    f"{name}-{part}", f"{caption} {part}", str(plot.to_json()).replace("</", "<\\/")
                )
                for part, plot in plots
            ],
            least_width=HALF_WIDTH,
        )


def _joint_blocks(
    maker: _Maker,
    agreement: Agreement,
    joint: str,
    curves: pd.DataFrame,
    samples: pd.DataFrame,
) -> Iterator[Block]:
    names = (agreement.ours, agreement.reference)
    over_cycle = _by_side(curves, joint)
    over_time = _by_side(samples, joint)
    own = agreement.angles[agreement.angles["joint"] == joint]
    if over_cycle:
        cycles = ", ".join(f"{p['cycles'].iloc[0]} {p['side'].iloc[0]}" for p in over_cycle)
        span = _span(over_cycle, ("ours_", f"{tables.REFERENCE}_"))
        yield maker.block(
            f"{joint}-curves",
            f"Mean (line) and standard deviation (shade) over the gait cycle; cycles: {cycles}.",
            CURVES_FILE,
            paper.overlaid_curves(over_cycle, names),
            [(_side(p), screen.overlaid_curves(p, names, span)) for p in over_cycle],
        )
        span = _with_zero(_span(over_cycle, ("difference_",)))
        yield maker.block(
            f"{joint}-difference",
            f"Difference over the gait cycle. {_spm_words(agreement, joint)}",
            CURVES_FILE,
            paper.difference_over_cycle(over_cycle),
            [(_side(p), screen.difference_over_cycle(p, span)) for p in over_cycle],
        )
    else:
        span = _padded(np.concatenate([p[["ours_deg", "reference_deg"]] for p in over_time]))
        yield maker.block(
            f"{joint}-curves",
            "Both recordings over time, on the reference's clock.",
            SAMPLES_FILE,
            paper.overlaid_samples(over_time, names),
            [(_side(p), screen.overlaid_samples(p, names, span)) for p in over_time],
        )
    limits = [
        {name: float(value) for name, value in zip(LIMITS, row, strict=True)}
        for row in own[list(LIMITS)].to_numpy(dtype=float)
    ]
    edges = [list(row.values()) for row in limits]
    apart = np.concatenate([*(p["difference_deg"] for p in over_time), *edges])
    span = _with_zero(_padded(apart))
    yield maker.block(
        f"{joint}-bland-altman",
        "Bland-Altman plot of every common sample: bias (solid) and 95 % limits of agreement "
        "(dashed). Samples of one recording are not independent: read the limits, not their "
        "confidence.",
        SAMPLES_FILE,
        paper.bland_altman_plot(over_time, limits),
        [
            (_side(p), screen.bland_altman_plot(p, row, span))
            for p, row in zip(over_time, limits, strict=True)
        ],
    )


def _refined_block(maker: _Maker, angle: object, rows: pd.DataFrame) -> Block:
    parts = [part for _, part in rows.groupby(["movement", "side"], sort=False)]
    return maker.block(
        str(angle).replace("_", "-"),
        "Mean over people; shades are one standard deviation of the reference and of the fusion. "
        "Each person by models that never saw them.",
        CURVES_FILE,
        paper.refined_curves(parts),
        [(f"{p['movement'].iloc[0]}-{_side(p)}", screen.refined_curves(p)) for p in parts],
    )


def _spm_words(agreement: Agreement, joint: str) -> str:
    found = {side: spm for (side, of), spm in agreement.maps.items() if of == joint}
    reasons = {spm.reason for spm in found.values() if spm.reason}
    if len(reasons) == 1 and all(spm.reason for spm in found.values()):
        return f"No statistical parametric map: {reasons.pop()}."
    alpha = agreement.settings.alpha
    return f"Orange: a paired SPM{{t}} over the cycles finds a difference (alpha {alpha:g})."


def _by_side(table: pd.DataFrame, joint: str) -> list[pd.DataFrame]:
    own = table[table["joint"] == joint]
    return [part for _, part in own.groupby("side", sort=False)]


def _side(rows: pd.DataFrame) -> str:
    return str(rows["side"].iloc[0])


def _span(parts: Sequence[pd.DataFrame], prefixes: tuple[str, ...]) -> tuple[float, float]:
    edges = [
        part[f"{prefix}mean_deg"] + sign * part[f"{prefix}sd_deg"].fillna(0)
        for part in parts
        for prefix in prefixes
        for sign in (-1, 1)
    ]
    return _padded(np.concatenate(edges))


def _padded(values: np.ndarray) -> tuple[float, float]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = MARGIN * max(high - low, 1.0)
    return low - room, high + room


def _with_zero(span: tuple[float, float]) -> tuple[float, float]:
    """Without it a small difference looks like a large one."""
    return min(span[0], -MARGIN), max(span[1], MARGIN)


def _seconds(agreement: Agreement) -> float:
    time = agreement.aligned[0]["time"].values
    return float(time[-1] - time[0]) if len(time) else 0.0
