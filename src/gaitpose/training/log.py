"""The record of a training: a CSV that grows row by row and survives kills, and TensorBoard's."""

from __future__ import annotations

import csv
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class Log:
    """A CSV that grows; rows after the checkpoint that a training resumes from are dropped.

    Where TensorBoard is installed the same numbers go to ``tensorboard/`` beside the CSV.
    """

    FIELDS = (
        "step", "samples", "seconds", "size", "learning_rate",
        "total", "heatmap", "offset", "jgs", "depth", "lesson", "pcks",
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
        self.board = _board(path.parent / "tensorboard", step)

    def write(self, row: dict[str, Any]) -> None:
        """Append one row; fields that it lacks stay empty."""
        with self.path.open("a", newline="") as file:
            csv.DictWriter(file, self.FIELDS, lineterminator="\n").writerow(row)
        if self.board is not None:
            for name, value in row.items():
                if name != "step":
                    self.board.add_scalar(name, float(value), int(row["step"]))


def _board(folder: Path, step: int) -> SummaryWriter | None:
    if find_spec("tensorboard") is None:
        return None
    from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415  -- an optional extra

    return SummaryWriter(str(folder), purge_step=step + 1)
