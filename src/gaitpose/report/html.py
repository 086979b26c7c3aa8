"""The report as one HTML file that opens anywhere, off-line, and prints on A4."""

from __future__ import annotations

import os
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from gaitpose.gait.result import GaitAnalysis
from gaitpose.io.files import write_text
from gaitpose.report.page import page_of

TEMPLATES = "templates"


def write_html(
    analysis: GaitAnalysis, path: str | os.PathLike[str], files: tuple[str, ...] = ()
) -> Path:
    """Write the report.

    Parameters
    ----------
    analysis : GaitAnalysis
    path : path
        The HTML file.
    files : tuple of str
        Names of the files beside it, to which it links.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    OutputFailed
        If the folder is not writable or the disk is full.
    """
    return write_text(path, render(analysis, files))


def render(analysis: GaitAnalysis, files: tuple[str, ...] = ()) -> str:
    """Return the report as HTML text; style, scripts and figures are inside.

    Parameters
    ----------
    analysis : GaitAnalysis
    files : tuple of str
        Names of the files beside it, to which it links.
    """
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            page=page_of(analysis, files),
            css=Markup(_asset("report.css")),
            script=Markup(_asset("report.js")),
            plotly=Markup(get_plotlyjs()),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("gaitpose.report", TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(name: str) -> str:
    return (resources.files("gaitpose.report") / TEMPLATES / name).read_text(encoding="utf-8")
