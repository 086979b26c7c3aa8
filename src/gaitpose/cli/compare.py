"""``gaitpose compare``: any recording against a reference."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

SHOWN = {
    "rmse": "RMSE",
    "bias": "bias",
    "rmse_without_offset": "RMSE w/o offset",
    "r": "r",
    "icc_2_1": "ICC(2,1)",
    "cmc_between": "CMC",
}
"""Columns of the table on the screen; the files hold all."""


class AlignName(StrEnum):
    """Values of ``--align``."""

    KNEE = "knee"
    EVENTS = "events"
    NONE = "none"


def compare(
    ours: Annotated[
        Path,
        typer.Argument(
            metavar="OURS", help="A folder of gaitpose analyze, or a TRC, C3D, MOT or CSV file."
        ),
    ],
    reference: Annotated[
        Path, typer.Argument(metavar="REFERENCE", help="The same, to be compared with.")
    ],
    align: Annotated[
        AlignName,
        typer.Option(help="What the two clocks are brought together by."),
    ] = AlignName.KNEE,
    maximum_lag: Annotated[
        float | None,
        typer.Option(metavar="S", min=0.0, help="Largest shift of the clocks, seconds."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")] = Path(
        "agreement"
    ),
) -> None:
    """Measure how far two recordings of the same walk agree.

    DIR gets agreement.html (opens off-line), agreement.json, tables (CSV) and figures (SVG).
    """
    from gaitpose.agreement.align import AlignBy, AlignSettings  # noqa: PLC0415  -- start-up time
    from gaitpose.agreement.compare import CompareSettings  # noqa: PLC0415
    from gaitpose.comparison import compare_files, save_agreement  # noqa: PLC0415

    settings = CompareSettings(
        align=AlignSettings(by=AlignBy(align.value), maximum_lag=maximum_lag)
    )
    agreement = compare_files(ours, reference, settings)
    save_agreement(agreement, out)
    console = Console()
    table = Table(box=None)
    for head in ("side", "angle", *SHOWN.values()):
        table.add_column(head, justify="right" if head in SHOWN.values() else "left")
    for _, row in agreement.angles.iterrows():
        table.add_row(row["side"], row["joint"], *(f"{row[name]:.2f}" for name in SHOWN))
    console.print(table)
    console.print(f"lag {agreement.lag.seconds:+.3f} s ({agreement.lag.by.value})")
    for note in agreement.notes:
        console.print(note)
    console.print(str(out / "agreement.html"), soft_wrap=True)
