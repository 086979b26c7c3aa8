"""What the three refinement benchmarks share: evaluate, and write its tables."""

from __future__ import annotations

import os
from pathlib import Path

from _record import write_csv
from gaitpose.refine.cross_validation import Evaluation, evaluate
from gaitpose.refine.pairs import Dataset


def run(name: str, dataset: Dataset) -> Evaluation:
    """Leave one subject out with the settings as they ship; GAITPOSE_WORK keeps finished folds."""
    work = os.environ.get("GAITPOSE_WORK")
    found = evaluate(
        dataset,
        work=Path(work) if work else None,
        progress=lambda done, total: print(f"{done} of {total}", flush=True),
    )
    people = len(dataset.subjects)
    write_csv(name, [{**row, "subjects": people} for row in found.summary().to_dict("records")])
    write_csv(f"{name}_by_side", found.by_side().to_dict("records"))
    write_csv(f"{name}_by_subject", found.scores.to_dict("records"))
    tests = found.paired_tests().to_dict("records")
    shares = {
        angle: " ".join(f"{found.shares[who][number]:g}" for who in dataset.subjects)
        for number, angle in enumerate(dataset.angles)
    }
    write_csv(
        f"{name}_bilstm_against_linear",
        [{**row, "bilstm_shares_in_fusion": shares[row["angle"]]} for row in tests],
    )
    return found
