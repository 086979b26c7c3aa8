"""The analysis as CSV files for spreadsheets and statistics programs.

Full precision, one header line, a point as the decimal sign, an empty cell where a value is
missing.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from gaitpose.gait.result import GaitAnalysis
from gaitpose.io.files import atomic_path
from gaitpose.report.content import curve_table


def angle_table(analysis: GaitAnalysis) -> pd.DataFrame:
    """Joint angles over time: ``time_s`` and one column ``{side}_{joint}_deg`` for each angle."""
    angles = analysis.angles.transpose("time", "side", "joint")
    columns = {
        f"{side}_{joint}_deg": angles.sel(side=side, joint=joint).to_numpy()
        for joint in angles["joint"].to_numpy()
        for side in angles["side"].to_numpy()
    }
    return pd.DataFrame({"time_s": angles["time"].to_numpy(), **columns})


def cycle_curve_table(analysis: GaitAnalysis) -> pd.DataFrame:
    """Every cycle's angles over 0..100 %: ``side, cycle, percent`` and ``{joint}_deg``.

    Only the cycles that entered the means.
    """
    curves = analysis.cycles.transpose("side", "cycle", "phase", "joint")
    used = analysis.cycle_table[analysis.cycle_table["used"]]
    parts = []
    for side, cycle in zip(used["side"], used["cycle"], strict=True):
        values = curves.sel(side=side, cycle=cycle)
        part = pd.DataFrame({"percent": values["phase"].to_numpy()})
        part.insert(0, "cycle", cycle)
        part.insert(0, "side", side)
        for joint in values["joint"].to_numpy():
            part[f"{joint}_deg"] = values.sel(joint=joint).to_numpy()
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def write_tables(analysis: GaitAnalysis, directory: str | os.PathLike[str]) -> list[Path]:
    """Write all tables.

    Parameters
    ----------
    analysis : GaitAnalysis
    directory : path
        An existing folder.

    Returns
    -------
    list of pathlib.Path
        ``angles.csv``, ``parameters.csv``, ``events.csv``, ``cycles.csv``, ``curves.csv``.

    Raises
    ------
    OutputFailed
        If the folder is not writable or the disk is full.
    """
    tables = {
        "angles.csv": angle_table(analysis),
        "parameters.csv": analysis.parameters,
        "events.csv": analysis.events,
        "cycles.csv": cycle_curve_table(analysis),
        "curves.csv": curve_table(analysis),
    }
    return [write_csv(table, Path(directory) / name) for name, table in tables.items()]


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Write one table whole or not at all."""
    with atomic_path(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
    return path
