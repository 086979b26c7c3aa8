"""Write agreement and refinement: a page that opens off-line, and beside it everything it shows.

Tables as CSV, figures as SVG with their samples as CSV, and for programs one JSON.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from gaitpose.agreement.compare import Agreement
from gaitpose.io.files import atomic_path, write_text
from gaitpose.refine.cross_validation import Evaluation
from gaitpose.report.agreement_page import (
    CURVES_FILE,
    SAMPLES_FILE,
    Page,
    agreement_page,
    evaluation_page,
)
from gaitpose.report.agreement_tables import common_samples, curve_samples, refined_samples

FIGURES = "figures"
"""Folder of the SVG files."""


def write_agreement(agreement: Agreement, directory: Path) -> list[Path]:
    """Write ``agreement.json``, the tables, samples and figures, and ``agreement.html``.

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
    curves, samples = curve_samples(agreement), common_samples(agreement)
    page = agreement_page(agreement, curves, samples)
    written = [
        write_text(directory / "agreement.json", text),
        _write_csv(agreement.angles, directory / "angles.csv"),
        _write_csv(samples, directory / SAMPLES_FILE),
    ]
    # A table without rows would be a file without a head.
    for table, name in ((agreement.parameters, "parameters.csv"), (curves, CURVES_FILE)):
        if table.empty:
            (directory / name).unlink(missing_ok=True)
        else:
            written.append(_write_csv(table, directory / name))
    return [*written, *_write_page(page, directory, "agreement.html")]


def write_evaluation(evaluation: Evaluation, directory: Path) -> list[Path]:
    """Write the tables as CSV files, the figures, and ``refinement.html``.

    Parameters
    ----------
    evaluation : Evaluation
    directory : path
        An existing folder.
    """
    curves = refined_samples(evaluation)
    tables = {
        "summary.csv": evaluation.summary(),
        "by_side.csv": evaluation.by_side(),
        "by_movement.csv": evaluation.by_movement(),
        "by_subject.csv": evaluation.scores,
        "tests.csv": evaluation.paired_tests(),
        CURVES_FILE: curves,
    }
    written = [_write_csv(table, directory / name) for name, table in tables.items()]
    page = evaluation_page(evaluation, curves)
    return [*written, *_write_page(page, directory, "refinement.html")]


def _write_page(page: Page, directory: Path, name: str) -> list[Path]:
    folder = directory / FIGURES
    folder.mkdir(exist_ok=True)
    images = [write_text(folder / image, svg) for image, svg in page.images.items()]
    return [*images, write_text(directory / name, render(page))]


def render(page: Page) -> str:
    """Return a page as HTML; style, scripts and figures are inside."""
    return (
        _environment()
        .get_template("agreement.html.j2")
        .render(
            page=page,
            css=Markup(_asset("report.css")),
            script=Markup(_asset("report.js")),
            copy_script=Markup(_asset("agreement.js")),
            plotly=Markup(get_plotlyjs()),
        )
    )


def _write_csv(table: pd.DataFrame, path: Path) -> Path:
    with atomic_path(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
    return path


def _asset(name: str) -> str:
    return (resources.files("gaitpose.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("gaitpose.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
