"""Agreement and refinement as pages that open off-line, tables for a paper, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from gaitpose.agreement.compare import Agreement
from gaitpose.io.files import atomic_path, write_text
from gaitpose.refine.controls import PHASES, stretch
from gaitpose.refine.cross_validation import MODELS, Evaluation
from gaitpose.report.agreement_figures import (
    bland_altman_plot,
    difference_over_cycle,
    overlaid_curves,
    refined_curves,
)

ANGLE_COLUMNS = {
    "side": "side",
    "joint": "angle",
    "cycles": "cycles",
    "rmse": "RMSE (°)",
    "mae": "MAE (°)",
    "bias": "bias (°)",
    "limit_low": "lower limit (°)",
    "limit_high": "upper limit (°)",
    "rmse_without_offset": "RMSE without offset (°)",
    "r": "r",
    "icc_2_1": "ICC(2,1)",
    "cmc_between": "CMC between",
    "cmc_within_ours": "CMC within, ours",
    "cmc_within_reference": "CMC within, reference",
    "similarity": "S (°)",
    "range_ours": "range, ours (°)",
    "range_reference": "range, reference (°)",
}
"""Columns of the table of angles, and their heads."""

PARAMETER_COLUMNS = {
    "name": "parameter",
    "side": "side",
    "cycles": "cycles",
    "ours": "ours",
    "reference": "reference",
    "unit": "unit",
    "bias": "bias",
    "limit_low": "lower limit",
    "limit_high": "upper limit",
    "rmse": "RMSE",
    "r": "r",
    "icc_2_1": "ICC(2,1)",
}
COEFFICIENTS = ("r", "icc_2_1", "cmc_between", "cmc_within_ours", "cmc_within_reference")


@dataclass(frozen=True)
class Table:
    """A table ready to be printed."""

    caption: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Figure:
    """A Plotly figure with its place on the page."""

    identifier: str
    caption: str
    json: Markup


@dataclass(frozen=True)
class Section:
    """A heading and its figures."""

    title: str
    figures: list[Figure]


def write_agreement(agreement: Agreement, directory: Path) -> list[Path]:
    """Write ``agreement.json``, ``angles.csv``, ``parameters.csv`` and ``agreement.html``.

    Parameters
    ----------
    agreement : Agreement
    directory : path
        An existing folder.

    Returns
    -------
    list of pathlib.Path
    """
    text = json.dumps(agreement.to_json(), indent=1, allow_nan=False) + "\n"
    return [
        write_text(directory / "agreement.json", text),
        _write_csv(agreement.angles, directory / "angles.csv"),
        _write_csv(agreement.parameters, directory / "parameters.csv"),
        write_text(directory / "agreement.html", render_agreement(agreement)),
    ]


def render_agreement(agreement: Agreement) -> str:
    """Return the comparison as one HTML page; scripts and figures are inside."""
    lag = agreement.lag
    fit = f" (fit {lag.fit:.3f})" if np.isfinite(lag.fit) else ""
    paragraphs = [
        f"{agreement.ours} against {agreement.reference}. Differences are ours minus reference. "
        f"Our clock was shifted by {lag.seconds:+.3f} s, by {lag.by.value}{fit}.",
        *agreement.notes,
    ]
    tables = [_table("Joint angles", agreement.angles, ANGLE_COLUMNS)]
    if not agreement.parameters.empty:
        tables.append(
            _table("Gait parameters, cycle by cycle", agreement.parameters, PARAMETER_COLUMNS)
        )
    joints = dict.fromkeys(str(joint) for joint in agreement.angles["joint"])
    sections = [Section(joint, list(_joint_figures(agreement, joint))) for joint in joints]
    return _render(f"Agreement: {agreement.ours}", paragraphs, tables, sections)


def write_evaluation(evaluation: Evaluation, directory: Path) -> list[Path]:
    """Write the tables as CSV files, and ``refinement.html``.

    Parameters
    ----------
    evaluation : Evaluation
    directory : path
        An existing folder.
    """
    tables = {
        "summary.csv": evaluation.summary(),
        "by_side.csv": evaluation.by_side(),
        "by_subject.csv": evaluation.scores,
        "tests.csv": evaluation.paired_tests(),
    }
    return [
        *(_write_csv(table, directory / name) for name, table in tables.items()),
        write_text(directory / "refinement.html", render_evaluation(evaluation)),
    ]


def render_evaluation(evaluation: Evaluation) -> str:
    """Return the leave-one-subject-out evaluation as one HTML page."""
    dataset = evaluation.dataset
    people = len(dataset.subjects)
    left_out = "; ".join(f"{name} ({reason})" for name, reason in dataset.skipped.items())
    paragraphs = [
        f"{dataset.kind}: {people} people, {len(dataset.sequences)} sequences. Each person was "
        "left out in turn; every choice was made among the others.",
        f"Not used: {left_out}." if left_out else "Every trial was used.",
    ]
    tables = [
        _wide("RMSE (°), mean ± SD over people", evaluation.summary(), "rmse", 1),
        _wide("CMC, mean ± SD over people", evaluation.summary(), "cmc", 2),
        *(
            _wide(f"RMSE (°), {side} leg", part, "rmse", 1)
            for side, part in evaluation.by_side().groupby("side")
        ),
        _tests(evaluation.paired_tests()),
    ]
    sections = [
        Section(angle.replace("_", " "), list(_refined_figures(evaluation, column, angle)))
        for column, angle in enumerate(dataset.angles)
    ]
    return _render("Refinement, leaving one subject out", paragraphs, tables, sections)


def _joint_figures(agreement: Agreement, joint: str) -> Iterator[Figure]:
    yield _figure(
        f"{joint}-curves", "Mean and standard deviation", overlaid_curves(agreement, joint)
    )
    if agreement.curves.sizes["cycle"]:
        yield _figure(
            f"{joint}-difference",
            "Difference over the cycle; shaded where a paired SPM{t} over the cycles finds one",
            difference_over_cycle(agreement, joint),
        )
    yield _figure(
        f"{joint}-bland-altman",
        "Bland-Altman: every common sample, bias and limits of agreement",
        bland_altman_plot(agreement, joint),
    )


def _refined_figures(evaluation: Evaluation, column: int, angle: str) -> Iterator[Figure]:
    sequences = evaluation.dataset.sequences
    for side in dict.fromkeys(one.side for one in sequences):
        places = [number for number, one in enumerate(sequences) if one.side == side]
        curves = {"reference": _by_person(evaluation, places, column, None)}
        for model in MODELS:
            values = _by_person(evaluation, places, column, model)
            if np.isfinite(values).any():
                curves[model] = values
        yield _figure(
            f"{angle}-{side}",
            "Mean and standard deviation over people, all movements",
            refined_curves(curves, angle, side, with_legend=True),
        )


def _by_person(
    evaluation: Evaluation, places: Sequence[int], column: int, model: str | None
) -> np.ndarray:
    """Each person's mean curve over 0..100 % of their sequences, (people, samples)."""
    sequences = evaluation.dataset.sequences
    rows = []
    for subject in evaluation.dataset.subjects:
        own = [place for place in places if sequences[place].subject == subject]
        curves = [
            sequences[place].target if model is None else evaluation.predictions[model][place]
            for place in own
        ]
        stretched = [stretch(curve[:, [column]], PHASES)[:, 0] for curve in curves]
        complete = [curve for curve in stretched if np.isfinite(curve).all()]
        rows.append(np.mean(complete, axis=0) if complete else np.full(PHASES, np.nan))
    return np.stack(rows)


def _table(caption: str, data: pd.DataFrame, columns: dict[str, str]) -> Table:
    rows = [
        [_cell(row[name], 3 if name in COEFFICIENTS else 2) for name in columns]
        for _, row in data.iterrows()
    ]
    return Table(caption, list(columns.values()), rows)


def _wide(caption: str, data: pd.DataFrame, measure: str, digits: int) -> Table:
    rows = []
    for angle, part in data.groupby("angle", sort=False):
        by_model = part.set_index("model")
        cells = [
            f"{_cell(by_model.loc[model, f'{measure}_mean'], digits)} ± "
            f"{_cell(by_model.loc[model, f'{measure}_std'], digits)}"
            for model in MODELS
        ]
        rows.append([str(angle).replace("_", " "), *cells])
    return Table(caption, ["angle", *MODELS], rows)


def _tests(data: pd.DataFrame) -> Table:
    rows = [
        [
            str(row["angle"]).replace("_", " "),
            str(row["subjects"]),
            _cell(row["difference"], 2),
            _cell(row["p_t"], 3),
            _cell(row["p_wilcoxon"], 3),
        ]
        for _, row in data.iterrows()
    ]
    columns = ["angle", "people", "BiLSTM - linear, RMSE (°)", "p, paired t", "p, Wilcoxon"]
    return Table("BiLSTM against linear, paired over people", columns, rows)


def _cell(value: object, digits: int) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:.{digits}f}" if np.isfinite(value) else "–"
    return str(value)


def _figure(identifier: str, caption: str, figure: go.Figure) -> Figure:
    # "</" would end the script element that holds it.
    return Figure(identifier, caption, Markup(str(figure.to_json()).replace("</", "<\\/")))


def _write_csv(table: pd.DataFrame, path: Path) -> Path:
    with atomic_path(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
    return path


def _render(title: str, paragraphs: list[str], tables: list[Table], sections: list[Section]) -> str:
    css = resources.files("gaitpose.report") / "templates" / "report.css"
    return (
        _environment()
        .get_template("agreement.html.j2")
        .render(
            title=title,
            paragraphs=paragraphs,
            tables=tables,
            sections=sections,
            css=Markup(css.read_text(encoding="utf-8")),
            plotly=Markup(get_plotlyjs()),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("gaitpose.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )
