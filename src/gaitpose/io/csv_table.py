"""Tables between separators, as spreadsheets and sensors' programs write them."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pandas as pd

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import existing_file


def read_table(
    path: str | os.PathLike[str], separator: str = ",", decimal: str = "."
) -> pd.DataFrame:
    """Read a table whose first row names the columns.

    Parameters
    ----------
    path : path
    separator, decimal : str
        Between cells, and within numbers; a point is understood too.

    Returns
    -------
    pandas.DataFrame
        Each cell under its name; a separator at the end of each row is passed over.

    Raises
    ------
    UnreadableInput
        If it is no table, or its rows have more cells than there are names.
    """
    source = existing_file(path)
    try:
        table = _read(source, separator, decimal, "utf-8")
    except UnicodeDecodeError:
        table = _read(source, separator, decimal, "cp1252")  # what spreadsheets call ANSI
    if decimal != ".":
        for name in table.select_dtypes(exclude="number"):  # some of its cells are no numbers
            cells = table[name]
            table[name] = cells.astype(str).str.replace(decimal, ".").where(cells.notna())
    return table


def _read(source: Path, separator: str, decimal: str, encoding: str) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            # Left to itself, pandas takes the first column for an index where rows are longer.
            return pd.read_csv(
                source, sep=separator, decimal=decimal, index_col=False, encoding=encoding
            )
    except pd.errors.ParserWarning as error:
        raise UnreadableInput("rows have more cells than names", where=str(source)) from error
    except (OSError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UnreadableInput(f"is not a table ({error})", where=str(source)) from error
