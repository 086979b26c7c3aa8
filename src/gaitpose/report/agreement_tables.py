"""Tables of agreement and refinement: those that are read, and those that the figures are drawn of.

What is read has words and rounded numbers; what is drawn has every sample, and is written beside
the page as CSV.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaitpose.agreement.compare import Agreement
from gaitpose.refine.controls import PHASES, stretch
from gaitpose.refine.cross_validation import MODELS, Evaluation
from gaitpose.refine.pairs import PairedSequence

REFERENCE = "reference"

PAPER_COLUMNS = (
    "angle",
    "side",
    "cycles",
    "RMSE (°)",
    "RMSE without offset (°)",
    "bias [95 % limits of agreement] (°)",
    "r",
    "ICC(2,1)",
    "CMC",
)
"""What articles report; everything else is in the complete table."""

ANGLE_COLUMNS = {
    "joint": "angle",
    "side": "side",
    "samples": "samples",
    "mae": "MAE (°)",
    "mae_without_offset": "MAE without offset (°)",
    "cmc_within_ours": "CMC within, ours",
    "cmc_within_reference": "CMC within, reference",
    "similarity": "S (°)",
    "range_ours": "range, ours (°)",
    "range_reference": "range, reference (°)",
}
"""Columns of the second table of angles, and their heads."""

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
WORDS = ("joint", "side", "name", "unit")
COEFFICIENTS = ("r", "icc_2_1", "cmc_between", "cmc_within_ours", "cmc_within_reference")


@dataclass(frozen=True)
class Table:
    """A table ready to be printed.

    Attributes
    ----------
    caption : str
    columns : list of str
    rows : list of list of str
    words : int
        So many columns from the left hold words, the others numbers.
    data_file : str
        CSV with the same numbers, unrounded; empty if there is none.
    notes : list of str
        What must be known to read it.
    """

    caption: str
    columns: list[str]
    rows: list[list[str]]
    words: int
    data_file: str = ""
    notes: tuple[str, ...] = ()


def paper_table(agreement: Agreement) -> Table:
    """One row an angle and side, with what articles report."""
    rows = []
    reasons: dict[str, None] = {}
    for row in agreement.angles.to_dict("records"):
        limits = (
            f"{cell(row['bias'], 1)} [{cell(row['limit_low'], 1)}, {cell(row['limit_high'], 1)}]"
        )
        if row["cmc_between_reason"]:
            reasons[f"CMC of {row['side']} {row['joint']}: {row['cmc_between_reason']}."] = None
        rows.append(
            [
                words(row["joint"]),
                str(row["side"]),
                str(row["cycles"]),
                cell(row["rmse"], 1),
                cell(row["rmse_without_offset"], 1),
                limits,
                cell(row["r"], 3),
                cell(row["icc_2_1"], 3),
                cell(row["cmc_between"], 3),
            ]
        )
    notes = (
        f"{agreement.ours} against {agreement.reference}; differences are ours minus reference. "
        "RMSE, root mean square error; ICC(2,1), intraclass correlation, absolute agreement "
        "(Shrout & Fleiss 1979); CMC, coefficient of multiple correlation between protocols "
        "(Ferrari et al. 2010).",
        *reasons,
    )
    return Table("Joint angles", list(PAPER_COLUMNS), rows, 2, "angles.csv", notes)


def angle_table(agreement: Agreement) -> Table:
    """Return the measures of each angle that are not in :func:`paper_table`."""
    reasons = {
        f"CMC within, {row['side']} {row['joint']}: {row['cmc_within_reason']}."
        for row in agreement.angles.to_dict("records")
        if row["cmc_within_reason"]
    }
    note = (
        "MAE, mean absolute error; CMC within, Kadaba et al. 1989; S, curve similarity, Eq. 14 of "
        "the GaitPoseNet article."
    )
    rows = _rows(agreement.angles, ANGLE_COLUMNS)
    return Table(
        "Further measures",
        list(ANGLE_COLUMNS.values()),
        rows,
        2,
        "angles.csv",
        (note, *sorted(reasons)),
    )


def parameter_table(agreement: Agreement) -> Table:
    """One row a gait parameter and side."""
    columns = list(PARAMETER_COLUMNS.values())
    rows = _rows(agreement.parameters, PARAMETER_COLUMNS)
    return Table("Gait parameters, cycle by cycle", columns, rows, 2, "parameters.csv")


def curve_samples(agreement: Agreement) -> pd.DataFrame:
    """Mean and SD of both recordings and of their difference over the cycle, and the SPM's t.

    Returns
    -------
    pandas.DataFrame
        One row a side, joint and percent of the cycle; empty without cycles.
    """
    parts = []
    phase = agreement.curves["phase"].values
    for (side, joint), found in agreement.maps.items():
        both = agreement.curves.sel(side=side, joint=joint).values
        both = both[:, np.isfinite(both).all(axis=(0, 2))]
        if not both.shape[1]:
            continue
        columns: dict[str, object] = {
            "side": side, "joint": joint, "percent": phase, "cycles": both.shape[1]
        }  # fmt: skip
        for name, curves in zip(
            ("ours", REFERENCE, "difference"), (*both, both[0] - both[1]), strict=True
        ):
            columns |= _mean_and_sd(name, curves)
        at = np.arange(len(phase))
        inside = [(at >= cluster.start) & (at <= cluster.end) for cluster in found.clusters]
        columns |= {"spm_t": found.t, "differs": np.any([np.zeros(len(at), bool), *inside], axis=0)}
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["side", "joint"])


def common_samples(agreement: Agreement) -> pd.DataFrame:
    """Every sample that both recordings have: what RMSE and Bland-Altman limits rest on."""
    parts = []
    ours, reference = agreement.aligned
    time = ours["time"].values
    for side, joint in agreement.maps:
        a = ours.sel(side=side, joint=joint).values
        b = reference.sel(side=side, joint=joint).values
        both = np.isfinite(a) & np.isfinite(b)
        parts.append(
            pd.DataFrame(
                {
                    "side": side,
                    "joint": joint,
                    "time_s": time[both],
                    "ours_deg": a[both],
                    "reference_deg": b[both],
                    "mean_deg": (a[both] + b[both]) / 2,
                    "difference_deg": a[both] - b[both],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def refined_samples(evaluation: Evaluation) -> pd.DataFrame:
    """Mean and SD over people of the reference and of every model's curve.

    Returns
    -------
    pandas.DataFrame
        One row a movement, angle, side, source and percent.
    """
    sequences = evaluation.dataset.sequences
    groups: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(sequences):
        groups.setdefault((one.movement, one.side), []).append(number)
    parts = []
    for (movement, side), places in groups.items():
        for column, angle in enumerate(evaluation.dataset.angles):
            for source in (REFERENCE, *MODELS):
                people = _by_person(evaluation, places, column, source)
                if not len(people):
                    continue
                percent = np.linspace(0, 100, PHASES)
                described = {
                    "movement": movement, "angle": angle, "side": side, "source": source,
                    "people": len(people), "percent": percent,
                }  # fmt: skip
                parts.append(pd.DataFrame(described | _mean_and_sd("", people)))
    return pd.concat(parts, ignore_index=True)


def mean_and_sd_table(
    caption: str, data: pd.DataFrame, measure: str, digits: int, data_file: str, by: str = "angle"
) -> Table:
    """Mean +- SD over people, one row a value of `by`, one column a model."""
    rows = []
    for value, part in data.groupby(by, sort=False):
        by_model = part.set_index("model")
        means, spreads = (by_model[f"{measure}_{of}"].astype(float) for of in ("mean", "std"))
        cells = [mean_and_sd(means[model], spreads[model], digits) for model in MODELS]
        rows.append([words(value), *cells])
    return Table(caption, [by, *MODELS], rows, 1, data_file)


def test_table(data: pd.DataFrame) -> Table:
    """BiLSTM against linear regression, paired over people."""
    rows = [
        [
            words(row["angle"]),
            str(row["subjects"]),
            cell(row["difference"], 2),
            cell(row["p_t"], 3),
            cell(row["p_wilcoxon"], 3),
        ]
        for row in data.to_dict("records")
    ]
    columns = ["angle", "people", "BiLSTM - linear, RMSE (°)", "p, paired t", "p, Wilcoxon"]
    return Table("BiLSTM against linear, paired over people", columns, rows, 1, "tests.csv")


def cell(value: object, digits: int) -> str:
    """Round a number for print; a dash where there is none."""
    if isinstance(value, float | np.floating):
        return f"{value:.{digits}f}" if np.isfinite(value) else "–"
    return str(value)


def mean_and_sd(mean: float, sd: float, digits: int) -> str:
    """``7.8 ± 2.2``; a dash for what there is none of."""
    if not np.isfinite(mean):
        return "–"
    return f"{mean:.{digits}f} ± {cell(float(sd), digits)}"


def words(name: object) -> str:
    """``hip_flexion`` as it is read."""
    return str(name).replace("_", " ")


def _rows(data: pd.DataFrame, columns: Mapping[str, str]) -> list[list[str]]:
    return [
        [
            words(row[name]) if name in WORDS else cell(row[name], 3 if name in COEFFICIENTS else 2)
            for name in columns
        ]
        for row in data.to_dict("records")
    ]


def _mean_and_sd(name: str, curves: np.ndarray) -> dict[str, np.ndarray]:
    spread = curves.std(axis=0, ddof=1) if len(curves) > 1 else np.full(curves.shape[1], np.nan)
    prefix = f"{name}_" if name else ""
    return {f"{prefix}mean_deg": curves.mean(axis=0), f"{prefix}sd_deg": spread}


def _by_person(evaluation: Evaluation, places: list[int], column: int, source: str) -> np.ndarray:
    """Each person's mean curve over 0..100 %, (people, samples), of those who have any."""
    sequences = evaluation.dataset.sequences
    rows = []
    for subject in evaluation.dataset.subjects:
        curves = [
            curve
            for place in places
            if sequences[place].subject == subject
            for curve in _cuts(sequences[place], _values(evaluation, place, source)[:, column])
        ]
        if curves:
            rows.append(np.mean(curves, axis=0))
    return np.stack(rows) if rows else np.empty((0, PHASES))


def _values(evaluation: Evaluation, place: int, source: str) -> np.ndarray:
    if source == REFERENCE:
        return evaluation.dataset.sequences[place].target
    return evaluation.predictions[source][place]


def _cuts(sequence: PairedSequence, curve: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the complete cycles of a curve, stretched to 0..100 %."""
    for start, end in sequence.repetitions:
        stretched = stretch(curve[start:end, np.newaxis], PHASES)[:, 0]
        if np.isfinite(stretched).all():
            yield stretched
