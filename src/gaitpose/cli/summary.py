"""The analysis on a terminal: a small table, the findings, where the report is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from gaitpose.gait.result import GaitAnalysis
    from gaitpose.report.content import Row

SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "dim"}


def print_summary(analysis: GaitAnalysis, console: Console) -> None:
    """Print the parameters with left, right and usual range, then the quality findings.

    Parameters
    ----------
    analysis : GaitAnalysis
    console : rich.console.Console
    """
    from gaitpose.report import content, page  # noqa: PLC0415  -- late: start-up time
    from gaitpose.report.usual import usual_for  # noqa: PLC0415

    ranges = [f"{joint}_range" for joint in content.TIME_JOINTS]
    rows = content.parameter_rows(analysis) + [
        row for row in content.joint_rows(analysis) if row.name in ranges
    ]
    usual = usual_for(analysis)
    if rows:
        console.print(_table(rows, usual.speed_text() if usual else ""))
    console.print(page.cycle_sentence(analysis))
    for finding in page.sorted_findings(analysis.quality):
        console.print(
            Text.assemble((f"{finding.tag}: ", SEVERITY_STYLE[finding.severity]), finding.message)
        )


def _table(rows: Sequence[Row], norm_speed: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    for heading in ("left", "right", f"usual\n{norm_speed}".strip(), "left − right"):
        table.add_column(heading, justify="right", no_wrap=True, vertical="bottom")
    for row in rows:
        both = row.cell("both")
        table.add_row(
            f"{row.words} ({row.unit})" if row.unit else row.words,
            _marked(row, "left") if not both else _marked(row, "both"),
            _marked(row, "right") if not both else Text("both", style="dim"),
            row.norm_text(),
            row.difference_text(),
        )
    return table


def _marked(row: Row, side: str) -> Text:
    """Return the value, with an arrow where it is outside of the usual range."""
    arrow = {"above": " ↑", "below": " ↓"}.get(row.verdict(side), "")
    return Text(row.cell(side) + arrow, style="yellow" if arrow else "")


def print_report_path(written: Sequence[Path], console: Console) -> None:
    """Say where the report is, and what is beside it."""
    report = next(path for path in written if path.suffix == ".html")
    console.print(Text.assemble(("Report: ", "bold"), str(report)), soft_wrap=True)
    others = ", ".join(path.name for path in written if path != report)
    console.print(Text(f"Beside it: {others}", style="dim"))
