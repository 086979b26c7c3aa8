"""The record of a training: a CSV that grows row by row and survives kills."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any


class Log:
    """A CSV that grows; rows after the checkpoint that a training resumes from are dropped."""

    FIELDS = (
        "step", "samples", "seconds", "size", "learning_rate",
        "total", "heatmap", "offset", "jgs", "depth", "pcks",
    )  # fmt: skip

    def __init__(self, path: Path, step: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        kept: list[dict[str, Any]] = []
        if path.exists():
            with path.open(newline="") as file:
                kept = [row for row in csv.DictReader(file) if int(row["step"]) <= step]
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, self.FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)

    def write(self, row: dict[str, Any]) -> None:
        """Append one row; fields that it lacks stay empty."""
        with self.path.open("a", newline="") as file:
            csv.DictWriter(file, self.FIELDS, lineterminator="\n").writerow(row)
