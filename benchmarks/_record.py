"""Write one benchmark's rows to ``benchmarks/results/NAME.csv`` with machine, date and command."""

from __future__ import annotations

import csv
import datetime
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
ROOT = Path(__file__).resolve().parents[1]


def shared_data() -> Path:
    """Folder of the real recordings (``GAITPOSE_SHARED``, default beside the checkout)."""
    folder = Path(os.environ.get("GAITPOSE_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        sys.exit(f"real recordings are absent ({folder}); set GAITPOSE_SHARED to their folder")
    return folder


def machine() -> str:
    """Processor and number of cores."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        name = lines[0].split(":")[1].strip() if lines else name
    return f"{name}, {os.cpu_count()} cores"


def write_csv(name: str, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write rows (same keys in each) with three columns added, and print them."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.csv"
    script = Path(sys.argv[0]).name
    context = {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "command": " ".join(["python", f"benchmarks/{script}", *sys.argv[1:]]),
    }
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], *context], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, **context})
            print("  ".join(f"{key}={value}" for key, value in row.items()))
    return path
